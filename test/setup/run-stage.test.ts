import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { runStage } from './run-stage.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-stage-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** A real vitest on a folder with one file, as a counted stage. */
function vitestOn(test: string) {
  writeFileSync(join(folder, 'one.test.mjs'), test)
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const args = ['run', '--root', folder, '--globals']
  return { name: 'sample', command: 'vitest', args, counted: true }
}

it('tells what passed, failed and was skipped', async () => {
  const stage = vitestOn(`it('a', () => {}); it('b', () => { throw new Error('no') }); it.skip('c', () => {})`)
  expect(await runStage(stage, folder, 'ignore')).toEqual({
    name: 'sample',
    ok: false,
    count: { passed: 1, failed: 1, skipped: 1 },
    skipped: ['c'],
    failed: ['b: Error: no'],
  })
})

it('is not well when no test was found, or a file does not load', async () => {
  expect(await runStage(vitestOn(''), folder, 'ignore')).toMatchObject({ ok: false })
  expect(await runStage(vitestOn(`import './nowhere.mjs'`), folder, 'ignore')).toMatchObject({ ok: false })
})

it('is not well when a command fails or does not start, and runs on our own Node', async () => {
  const node = (script: string) => ({ name: 'plain', command: 'node', args: ['-e', script], counted: false })
  expect(await runStage(node(`process.exit(process.version.startsWith('v24.') ? 0 : 1)`), folder, 'ignore')).toEqual({
    name: 'plain',
    ok: true,
  })
  expect(await runStage(node('process.exit(3)'), folder, 'ignore')).toMatchObject({ ok: false })
  const missing = { name: 'plain', command: 'no-such-program-here', args: [], counted: false }
  expect(await runStage(missing, folder, 'ignore')).toMatchObject({ ok: false })
})

it('skips by name what needs a missing part, and fails it where all is required', async () => {
  const helper = fileURLToPath(new URL('describe-with.ts', import.meta.url))
  const test = `import { describeWith } from '${helper}'
describeWith(['mlflow', 'torch'], 'autologging', () => { it('a', () => {}) })
it('needs nothing', () => {})`
  vi.stubEnv('BENCHTOP_TEST_CACHE', join(folder, 'empty'))
  vi.stubEnv('BENCHTOP_REQUIRE_ALL', '')
  const title =
    'autologging (needs mlflow, which the set-up has not brought (node test/setup/set-up.ts python); needs torch'
  expect(await runStage(vitestOn(test), folder, 'ignore')).toMatchObject({
    ok: true,
    count: { passed: 1, failed: 0, skipped: 1 },
    skipped: [expect.stringContaining(title)],
  })
  vi.stubEnv('BENCHTOP_REQUIRE_ALL', '1')
  expect(await runStage(vitestOn(test), folder, 'ignore')).toMatchObject({
    ok: false,
    count: { passed: 1, failed: 1, skipped: 0 },
  })
})
