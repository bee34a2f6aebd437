import { extname } from 'node:path'

/** Types by ending, for what runs write: pictures, text, tables, documents, models. */
const BY_ENDING: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  svg: 'image/svg+xml',
  html: 'text/html',
  htm: 'text/html',
  md: 'text/markdown',
  markdown: 'text/markdown',
  txt: 'text/plain',
  log: 'text/plain',
  out: 'text/plain',
  err: 'text/plain',
  rst: 'text/plain',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  ndjson: 'application/x-ndjson',
  ipynb: 'application/x-ipynb+json',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  toml: 'application/toml',
  ini: 'text/plain',
  cfg: 'text/plain',
  conf: 'text/plain',
  xml: 'application/xml',
  py: 'text/x-python',
  pyi: 'text/x-python',
  r: 'text/x-r',
  jl: 'text/x-julia',
  sh: 'text/x-sh',
  // Never a type that a page would run: files of runs come from the page's own origin.
  js: 'text/plain',
  ts: 'text/x-typescript',
  c: 'text/x-c',
  h: 'text/x-c',
  cpp: 'text/x-c++',
  cu: 'text/x-c++',
  rs: 'text/x-rust',
  go: 'text/x-go',
  sql: 'text/x-sql',
  diff: 'text/x-diff',
  patch: 'text/x-diff',
  pdf: 'application/pdf',
  zip: 'application/zip',
  gz: 'application/gzip',
  tar: 'application/x-tar',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
  npy: 'application/x-npy',
  npz: 'application/x-npz',
  pkl: 'application/x-pickle',
  pickle: 'application/x-pickle',
  pt: 'application/x-pytorch',
  pth: 'application/x-pytorch',
  ckpt: 'application/octet-stream',
  onnx: 'application/x-onnx',
  safetensors: 'application/x-safetensors',
  h5: 'application/x-hdf5',
}

/** Files that have a name but no ending. */
const BY_NAME: Readonly<Record<string, string>> = {
  mlmodel: 'application/yaml',
  dockerfile: 'text/plain',
  makefile: 'text/plain',
  license: 'text/plain',
  readme: 'text/plain',
}

const UNKNOWN = 'application/octet-stream'

/** The type that a file's name tells; `application/octet-stream` where it tells none. */
export function mimeOf(path: string): string {
  const name = (path.split(/[/\\]/).at(-1) ?? '').toLowerCase()
  const ending = extname(name).slice(1)
  const found = Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined
  return found ?? (Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined) ?? UNKNOWN
}

const MAGIC: readonly (readonly [readonly number[], string])[] = [
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'image/png'],
  [[0xff, 0xd8, 0xff], 'image/jpeg'],
  [[0x47, 0x49, 0x46, 0x38], 'image/gif'],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'application/pdf'],
  [[0x50, 0x4b, 0x03, 0x04], 'application/zip'],
  [[0x1f, 0x8b], 'application/gzip'],
]

/** The type by name, else by the file's first bytes: a known start, text where all is UTF-8 without control characters. */
export function mimeOfContent(path: string, start: Uint8Array): string {
  const byName = mimeOf(path)
  if (byName !== UNKNOWN || extname(path) !== '') return byName
  const magic = MAGIC.find(([bytes]) => bytes.every((byte, index) => start[index] === byte))
  if (magic !== undefined) return magic[1]
  return isText(start) ? 'text/plain' : UNKNOWN
}

function isText(start: Uint8Array): boolean {
  if (start.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b))
    return false
  // The last character may be cut in half: `stream` leaves it open.
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true })
    return true
  } catch {
    return false
  }
}
