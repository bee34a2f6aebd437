import { stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { isConfigName } from './config-files.ts'

/** Files that a run's words name. */
export type NamedFiles = { readonly configs: readonly string[]; readonly data: readonly string[] }

/** File names of data, by their endings; anything else that exists and is no source counts too when it is an argument's value. */
const DATA =
  /\.(csv|tsv|parquet|feather|arrow|jsonl|ndjson|json|txt|npy|npz|h5|hdf5|pkl|pickle|joblib|pt|pth|ckpt|safetensors|onnx|tfrecord|lmdb|db|sqlite|zip|tar|gz|tgz|zst|bin|xlsx|xml|wav|mp3|png|jpe?g)$/i
const SOURCE = /\.(py|pyw|ipynb|sh|bash|r|jl)$/i
const MANY = 100

/** Words of an argument that may be a path: the word itself, and what stands behind a `=`. */
function candidates(argument: string): readonly string[] {
  const at = argument.indexOf('=')
  const words = at < 0 ? [argument] : [argument.slice(at + 1), argument]
  return words
    .map((word) => word.replace(/^@/, ''))
    .filter((word) => word !== '' && word.length < 1_024 && !word.startsWith('-') && !/^[a-z]+:\/\//i.test(word))
}

/** The existing files that arguments name, seen from the folder of the run. */
export async function filesInArguments(given: readonly string[], folder: string): Promise<NamedFiles> {
  const paths = new Set(
    given
      .slice(0, 2_000)
      .flatMap(candidates)
      .map((word) => (isAbsolute(word) ? word : resolve(folder, word))),
  )
  return sorted([...paths], () => true)
}

/** The existing files that a configuration's texts name; only those that look like data. */
export async function filesInConfig(value: unknown, folder: string): Promise<readonly string[]> {
  const texts: string[] = []
  collect(value, texts, 0)
  const paths = new Set(texts.map((text) => (isAbsolute(text) ? text : resolve(folder, text))))
  return (await sorted([...paths], (path) => DATA.test(path))).data
}

function collect(value: unknown, texts: string[], depth: number): void {
  if (texts.length > 2_000 || depth > 12) return
  if (typeof value === 'string') {
    if (DATA.test(value) && value.length < 1_024 && !/^[a-z]+:\/\//i.test(value)) texts.push(value)
  } else if (Array.isArray(value)) for (const item of value) collect(item, texts, depth + 1)
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) collect(item, texts, depth + 1)
}

async function sorted(paths: readonly string[], takes: (path: string) => boolean): Promise<NamedFiles> {
  const configs: string[] = []
  const data: string[] = []
  for (const path of paths.slice(0, 4_000)) {
    if (configs.length + data.length >= MANY) break
    if (SOURCE.test(path) || !takes(path)) continue
    const found = await stat(path).catch(() => undefined)
    if (found === undefined || !found.isFile()) continue
    // A small JSON may be either: it is a configuration, and its content is compared as its values.
    if (isConfigName(path) && found.size <= 2 << 20) configs.push(path)
    else data.push(path)
  }
  return { configs, data }
}
