import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openAddress, openerOf } from './open-address.ts'

test.each([
  ['darwin', {}, ['open']],
  ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler']],
  ['linux', { DISPLAY: ':0' }, ['xdg-open']],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open']],
  ['linux', { DISPLAY: '' }, undefined],
])('%s %j opens with %j', (platform, environment, opener) => {
  expect(openerOf(platform, environment)).toEqual(opener)
})

test('the opener gets the whole address as one word', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-open-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [program, seen] = [join(folder, 'opener'), join(folder, 'seen')]
  writeFileSync(program, `#!/bin/sh\nprintf '%s' "$2" > '${seen}'\n`)
  chmodSync(program, 0o755)
  expect(await openAddress('http://127.0.0.1:5080/#token=ab&/p/x', [program, '--'])).toBe(true)
  expect(readFileSync(seen, 'utf8')).toBe('http://127.0.0.1:5080/#token=ab&/p/x')
})

test('an opener that fails, is not there or stays is told apart', async () => {
  expect(await openAddress('x', ['/bin/false'])).toBe(false)
  expect(await openAddress('x', ['/nowhere/xdg-open'])).toBe(false)
  expect(await openAddress('x', [])).toBe(false)
  expect(await openAddress('2', ['sleep'])).toBe(true)
})
