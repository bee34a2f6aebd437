import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DesktopEnd, runDesktop } from './run-desktop.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'benchtop-desktop-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs a program made of these lines in the place of Electron. */
function run(lines: string, words: readonly string[] = []): Promise<DesktopEnd> {
  const electron = join(folder, 'electron')
  writeFileSync(electron, `#!${process.execPath}\n${lines}`)
  chmodSync(electron, 0o755)
  return runDesktop({ electron, words, node: '/carried/node' })
}

const SHOWN = `require('node:fs').writeFileSync(process.env.BENCHTOP_READY_FILE, '')`

test('a window that was there and closed gives its code', async () => {
  expect(await run(`${SHOWN}; process.exit(0)`)).toEqual({ kind: 'closed', code: 0 })
  expect(await run(`${SHOWN}; process.exit(7)`)).toEqual({ kind: 'closed', code: 7 })
})

test('an instance that ends at once without a word has handed over', async () => {
  expect(await run('process.exit(0)')).toEqual({ kind: 'handed-over' })
})

test('one that was never there gives the last thing that it said', async () => {
  expect(await run(`process.stderr.write('first\\nFATAL: no usable sandbox\\n'); process.exitCode = 133`)).toEqual({
    kind: 'failed',
    reason: 'FATAL: no usable sandbox',
  })
  expect(await run('process.exit(1)')).toEqual({ kind: 'failed', reason: 'it ended with code 1' })
  expect(await run(`process.kill(process.pid, 'SIGTRAP')`)).toEqual({ kind: 'failed', reason: 'it ended with SIGTRAP' })
})

test('one that cannot be run at all is a failure', async () => {
  expect(await runDesktop({ electron: join(folder, 'nowhere'), words: [], node: 'node' })).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('ENOENT'),
  })
})

test('it gets its words and the Node that it is to use, and is never asked to be a Node itself', async () => {
  process.env['ELECTRON_RUN_AS_NODE'] = '1'
  const file = join(folder, 'seen.json')
  await run(
    `require('node:fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify([process.argv.slice(2), process.env.BENCHTOP_NODE, process.env.ELECTRON_RUN_AS_NODE ?? null]))`,
    ['/app', '--project', '/data/ñ 漢'],
  )
  delete process.env['ELECTRON_RUN_AS_NODE']
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([['/app', '--project', '/data/ñ 漢'], '/carried/node', null])
})
