import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Where the parts of this installation lie, in a clone or in the packaged app. */
export type Installation = {
  readonly root: string
  /** The Node that runs everything: this process's own. */
  readonly node: string
  readonly resources: string
  readonly pageFolder: string
  /** The bundle, or its source in a clone that was not built. */
  readonly backendEntry: string
  readonly shimEntry: string
  /** What `benchtop` on PATH links to. */
  readonly command: string
  /** Null when nothing was built. */
  readonly build: string | null
  readonly version: string
}

/** Finds them from a source or a bundle of this installation. */
export function installation(from: string = import.meta.dirname): Installation {
  const root = rootOf(from)
  const entry = (name: string): string => {
    const built = join(root, 'build', `${name}.js`)
    return existsSync(built) ? built : join(root, 'electron', `${name}.ts`)
  }
  // A packed app keeps its package.json in the archive, which plain Node cannot read.
  const built = join(root, 'build', 'build-id.json')
  return {
    root,
    node: process.execPath,
    resources: join(root, 'resources'),
    pageFolder: join(root, 'build', 'page'),
    backendEntry: entry('backend/serve'),
    shimEntry: entry('shim/shim'),
    command: commandOf(root),
    build: textIn(built, 'build'),
    version: textIn(built, 'version') ?? textIn(join(root, 'package.json'), 'version') ?? '0.0.0',
  }
}

/** One text of a JSON file; null when it isn't there. By hand, because each start of each command asks for it. */
function textIn(file: string, key: string): string | null {
  try {
    const value = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)[key]
    return typeof value === 'string' ? value : null
  } catch {
    return null
  }
}

/** In a packed app the command lies beside the archive. */
function commandOf(root: string): string {
  const packed = join(dirname(root), 'benchtop')
  return basename(root) === 'app.asar.unpacked' && existsSync(packed)
    ? packed
    : join(root, 'electron', 'cli', process.platform === 'win32' ? 'benchtop.cjs' : 'benchtop.sh')
}

function rootOf(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'resources', 'python', 'benchtop.py'))) return folder
    if (dirname(folder) === folder) throw new Error(`${from} does not lie in an installation.`)
  }
}
