/** How a file is shown. */
export type FileKind = 'image' | 'text' | 'json' | 'table' | 'markdown' | 'html' | 'other'

const BY_EXTENSION: Readonly<Record<string, FileKind>> = {
  ...kinds('image', 'png jpg jpeg gif webp bmp avif svg ico'),
  ...kinds('json', 'json ipynb geojson'),
  ...kinds('table', 'csv tsv'),
  ...kinds('markdown', 'md markdown'),
  ...kinds('html', 'html htm'),
  ...kinds(
    'text',
    'txt log py pyw pyi yaml yml toml ini cfg conf sh bash zsh js mjs cjs ts tsx jsx sql r jl c h cc cpp hpp cu rs go java rst tex bib diff patch xml env jsonl ndjson requirements lock dockerfile makefile mlmodel',
  ),
}

/** By its name; a name without an extension that is usually text is text. */
export function fileKindOf(path: string): FileKind {
  const name = path.split('/').at(-1)?.toLowerCase() ?? ''
  const extension = name.includes('.') ? (name.split('.').at(-1) ?? '') : name
  return (
    BY_EXTENSION[extension] ??
    (/^(mlmodel|dockerfile|makefile|license|readme|requirements.*)$/.test(name) ? 'text' : 'other')
  )
}

function kinds(kind: FileKind, extensions: string): Readonly<Record<string, FileKind>> {
  return Object.fromEntries(extensions.split(' ').map((extension) => [extension, kind]))
}
