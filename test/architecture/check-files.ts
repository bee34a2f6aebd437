import type { ModuleFacts } from './module-facts.ts'
import { isTypeScript, isToolConfig, type SourceFile, type Violation } from './source-files.ts'

const longestFile = 400

/** Code files of ours: the ones that are read and kept short. */
export function isCode(path: string): boolean {
  return isTypeScript(path) || /^(electron|renderer|shared|test|resources)\/.*\.(css|py|cjs|js)$/.test(path)
}

/** A code file of more than 400 lines is to be split by idea. */
export function checkLength({ path, text }: SourceFile): readonly Violation[] {
  if (!isCode(path)) return []
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  return lines > longestFile ? [`${path} has ${lines} lines; ${longestFile} are the most`] : []
}

/** Folders and files are named in kebab-case; Python names its modules with underscores. */
export function checkName({ path }: Pick<SourceFile, 'path'>): readonly Violation[] {
  if (!isCode(path) || path.startsWith('resources/sample/')) return []
  const word = path.endsWith('.py') ? /^_{0,2}[a-z0-9]+(_[a-z0-9]+)*_{0,2}$/ : /^[a-z0-9]+(-[a-z0-9]+)*$/
  const folder = path.endsWith('.py') ? /^[a-z0-9_-]+$/ : /^[a-z0-9]+(-[a-z0-9]+)*$/
  const parts = path.split('/')
  const name = (parts.pop() ?? '').split('.')
  // The parts between dots are kinds: `x.test.ts`, `x.module.css`.
  const wellNamed = word.test(name[0] ?? '') && name.slice(1).every((kind) => /^[a-z0-9-]+$/.test(kind))
  return wellNamed && parts.every((one) => folder.test(one)) ? [] : [`${path} is not named in kebab-case`]
}

/** Things are exported by name, so that they are found by it; the tools' own files say what they must. */
export function checkDefaultExports({ path, defaultExports }: ModuleFacts): readonly Violation[] {
  if (isToolConfig(path) || isAmbient(path)) return []
  return defaultExports.map((line) => `${path}:${line} exports a default`)
}

/** `any` switches the types off where it stands and wherever its value goes. */
export function checkAny({ path, anys }: ModuleFacts): readonly Violation[] {
  return isAmbient(path) ? [] : anys.map((line) => `${path}:${line} says any`)
}

/** A `.d.ts` describes what others wrote, as it is. */
function isAmbient(path: string): boolean {
  return path.endsWith('.d.ts')
}

/** Each is split, so that this file passes its own check. */
const foreignPlaces = [
  ['/wo', 'rk/'],
  ['/fa', 'rm/'],
  ['/opt/', 'pypi'],
  ['deb\\.', 'debian\\.org'],
  ['registry\\.', 'npmjs\\.org'],
  ['registry\\.', 'yarnpkg\\.com'],
  ['proxy\\.', 'golang\\.org'],
  ['pypi\\.', 'org/simple'],
  ['files\\.', 'pythonhosted\\.org'],
].map((halves) => new RegExp(halves.join('')))

/** No path of one machine and no registry's host: both would bind the tree to where it was written. */
export function checkPlaces({ path, text }: SourceFile): readonly Violation[] {
  return text.split('\n').flatMap((line, at) => {
    const place = foreignPlaces.map((pattern) => pattern.exec(line)?.[0]).find((found) => found !== undefined)
    return place === undefined ? [] : [`${path}:${at + 1} names ${place}`]
  })
}
