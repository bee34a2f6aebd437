import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const start = (...words: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('./start.ts', import.meta.url)), ...words],
    {
      encoding: 'utf8',
    },
  )
  return { status, stdout, stderr }
}

test('help comes without building anything', () => {
  expect(start('--help')).toEqual({
    status: 0,
    stdout: expect.stringContaining('Usage: npm start -- [options]'),
    stderr: '',
  })
})

test('a flag that is none is named, with those that are', () => {
  const { status, stdout, stderr } = start('--brwoser')
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain("Unknown option '--brwoser'")
  expect(stderr).toContain('--browser         open in the browser')
})
