import { readFile, stat } from 'node:fs/promises'
import { parse as parseToml } from 'smol-toml'
import { parseDocument } from 'yaml'

/** A configuration that an argument names, as bytes to keep and as values to flatten. */
export type ConfigContent = {
  readonly bytes: Buffer
  /** Undefined when it could not be parsed; it is kept all the same. */
  readonly value: unknown
}

const LARGEST = 2 << 20

const KIND = /\.(json|ya?ml|toml)$/i

/** True for a file name that means a configuration. */
export function isConfigName(path: string): boolean {
  return KIND.test(path)
}

/** Reads a configuration of up to 2 MiB; undefined when there is none of that name, or it is larger: then it is data. */
export async function readConfig(file: string): Promise<ConfigContent | undefined> {
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || !found.isFile() || found.size > LARGEST) return undefined
  const bytes = await readFile(file).catch(() => undefined)
  return bytes === undefined ? undefined : { bytes, value: parseConfig(file, bytes.toString('utf8')) }
}

/** The values of a JSON, YAML or TOML text; undefined for one that is damaged. YAML's merge keys are read; tags and aliases cannot blow it up. */
export function parseConfig(name: string, text: string): unknown {
  try {
    if (/\.json$/i.test(name)) return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
    if (/\.toml$/i.test(name)) return parseToml(text) as unknown
    const document = parseDocument(text, { merge: true, logLevel: 'silent', strict: false, uniqueKeys: false })
    return document.errors.length > 0 ? undefined : (document.toJS({ maxAliasCount: 100 }) as unknown)
  } catch {
    return undefined
  }
}
