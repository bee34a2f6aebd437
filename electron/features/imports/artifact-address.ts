import { isAbsolute } from 'node:path'

/** Where a record says that files are. */
export type ArtifactAddress = {
  /** `local`: a path, perhaps of another machine. `served`: below what a tracking server hands out. `remote`: a store that only its own client reads. */
  readonly kind: 'none' | 'local' | 'served' | 'remote'
  /** The path's parts, in each way it can be read: percent signs may be meant so. Without what goes up. */
  readonly readings: readonly (readonly string[])[]
  /** The path as this machine would open it, in each reading; empty where it is a path of another kind of machine. */
  readonly paths: readonly string[]
  /** As it is shown and kept: without a password. */
  readonly shown: string
}

const WINDOWS = /^\/?[a-zA-Z]:[\\/]/
const SERVED_BY = /^https?:\/\/[^/]*\/.*?mlflow-artifacts\/artifacts(?=\/)/

/**
 * Takes an artifact address of MLflow apart: `file:///home/a/mlruns/0/<run>/artifacts`, `file:C:\Users\...`, `C:/...`, a plain path,
 * `mlflow-artifacts:/0/<run>/artifacts`, `mlflow-artifacts://host:port/...`, `s3://bucket/...`. Blanks stand in it as they are or as `%20`.
 */
export function readAddress(recorded: string | null): ArtifactAddress {
  const text = recorded?.trim() ?? ''
  const shown = text.replace(/^([\w+.-]+:\/\/[^/@:]*):[^/@]*@/, '$1:***@')
  if (text === '') return { kind: 'none', readings: [], paths: [], shown }
  const scheme = WINDOWS.test(text) ? '' : (/^([a-zA-Z][\w+.-]*):/.exec(text)?.[1]?.toLowerCase() ?? '')
  if (scheme === '' || scheme === 'file') {
    // `file://server/share` keeps its server as a part: on Windows it is one.
    const path = scheme === '' ? text : text.slice('file:'.length).replace(/^\/\/(?:localhost)?(?=\/)/, '')
    const readings = decodings(path)
    return { kind: 'local', readings: readings.map(partsOf), paths: readings.flatMap(pathsHere), shown }
  }
  const served = scheme === 'mlflow-artifacts' ? /^mlflow-artifacts:(?:\/\/[^/]*)?/i.exec(text) : SERVED_BY.exec(text)
  const path = text.slice((served ?? /^[^:]*:(?:\/\/[^/]*)?/.exec(text))?.[0].length ?? 0)
  return { kind: served === null ? 'remote' : 'served', readings: decodings(path).map(partsOf), paths: [], shown }
}

/** As it stands comes first: clients have written blanks as blanks for years. */
function decodings(path: string): readonly string[] {
  if (!path.includes('%')) return [path]
  try {
    return [path, decodeURIComponent(path)]
  } catch {
    return [path]
  }
}

function partsOf(path: string): readonly string[] {
  const separator = WINDOWS.test(path) || !path.includes('/') ? /[\\/]+/ : /\/+/
  const parts = path.split(separator).filter((part) => part !== '' && part !== '.')
  return parts.slice(parts.lastIndexOf('..') + 1)
}

function pathsHere(path: string): readonly string[] {
  if (process.platform === 'win32') {
    const local = path.replace(/^\/(?=[a-zA-Z]:)/, '')
    return WINDOWS.test(local) || local.startsWith('\\\\') || local.startsWith('//') ? [local] : []
  }
  return isAbsolute(path) && !WINDOWS.test(path) ? [path] : []
}
