import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Environment } from '#electron/platform/process/login-environment.ts'

/** A tracking server that something names, and what names it. */
export type NamedTracking = { readonly name: string; readonly value: string; readonly where: string }

const NAMES = ['MLFLOW_TRACKING_URI', 'MLFLOW_REGISTRY_URI'] as const

/**
 * Tracking servers that a launch would replace: in the environment, and in the `.env` files of the folder and those above it
 * up to the project's, which `python-dotenv` reads. `ours` are addresses of this backend: those are no other server.
 */
export function namedTracking(options: {
  readonly environment: Environment
  readonly folder: string
  readonly root: string
  readonly ours: string
}): readonly NamedTracking[] {
  const foreign = ({ value }: NamedTracking): boolean => value !== '' && !value.startsWith(options.ours)
  const of = (environment: Environment, where: string): readonly NamedTracking[] =>
    NAMES.flatMap((name) => {
      const value = environment[name]
      return value === undefined ? [] : [{ name, value, where }]
    })
  const files = dotEnvFiles(options.folder, options.root)
  return [
    ...of(options.environment, 'the environment'),
    ...files.flatMap((file) => of(parseDotEnv(readText(file)), file)),
  ].filter(foreign)
}

function dotEnvFiles(folder: string, root: string): readonly string[] {
  const files: string[] = []
  for (let at = resolve(folder); ; at = dirname(at)) {
    files.push(join(at, '.env'))
    if (at === resolve(root) || dirname(at) === at) return files
  }
}

/** `NAME=value` lines with optional `export`, quotes and comments, as python-dotenv reads them; no interpolation. */
export function parseDotEnv(text: string): Environment {
  return Object.fromEntries(
    text.split(/\r?\n/).flatMap((line) => {
      const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)$/.exec(line)
      const [, name, raw] = match ?? []
      return name === undefined || raw === undefined ? [] : [[name, unquoted(raw)] as const]
    }),
  )
}

function unquoted(raw: string): string {
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/.exec(raw)
  return quoted === null ? raw.replace(/\s+#.*$/, '').trim() : (quoted[1] ?? quoted[2] ?? '')
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, 1 << 20)
  } catch {
    return ''
  }
}
