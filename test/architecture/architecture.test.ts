import { expect, it } from 'vitest'
import { checkAny, checkDefaultExports, checkLength, checkName, checkPlaces } from './check-files.ts'
import { checkImports, featureCycles } from './check-imports.ts'
import { checkLock } from './check-lock.ts'
import { moduleFacts } from './module-facts.ts'
import { isTypeScript, sourceFiles } from './source-files.ts'

const files = sourceFiles()
const modules = files.filter(({ path }) => isTypeScript(path)).map(moduleFacts)

it('sees the tree', () => {
  const paths = modules.map(({ path }) => path)
  expect(paths).toContain('test/architecture/architecture.test.ts')
  expect(modules.flatMap(({ imports }) => imports).length).toBeGreaterThan(500)
})

it('imports only what each room may', () => {
  expect(modules.flatMap(checkImports)).toEqual([])
})

it('has no cycles between features', () => {
  expect(featureCycles(modules)).toEqual([])
})

it('exports by name', () => {
  expect(modules.flatMap(checkDefaultExports)).toEqual([])
})

it('says any nowhere', () => {
  expect(modules.flatMap(checkAny)).toEqual([])
})

it('keeps files short', () => {
  expect(files.flatMap(checkLength)).toEqual([])
})

it('names files in kebab-case', () => {
  expect(files.flatMap(checkName)).toEqual([])
})

it('names no path of one machine and no registry', () => {
  expect(files.flatMap(checkPlaces)).toEqual([])
})

it('locks every package for every system', () => {
  expect(checkLock(files.find(({ path }) => path === 'package-lock.json')?.text ?? '')).toEqual([])
})
