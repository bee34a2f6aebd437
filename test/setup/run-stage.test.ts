import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runStage } from './run-stage.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-stage-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

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
