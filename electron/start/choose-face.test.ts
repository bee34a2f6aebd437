import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { chooseFace, type Face, type FaceOptions } from './choose-face.ts'
import type { FetchOptions } from './fetch-electron.ts'
import { parseFlags } from './flags.ts'

let root: string
let dataFolder: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-face-'))
  dataFolder = join(root, 'data')
  mkdirSync(join(root, 'node_modules/electron'), { recursive: true })
  writeFileSync(join(root, 'node_modules/electron/package.json'), '{"version":"45.4.1"}')
})
afterEach(() => rmSync(root, { recursive: true }))

const DAY = 24 * 60 * 60 * 1_000
const refuse = (): Promise<string> => Promise.resolve('getaddrinfo ENOTFOUND github.com')
const program = (): string => join(root, 'node_modules/electron/dist/electron')

/** Unpacks an Electron as its package does. */
function unpack(version = '45.4.1', whole = true): void {
  mkdirSync(join(root, 'node_modules/electron/dist'), { recursive: true })
  writeFileSync(program(), '')
  writeFileSync(join(root, 'node_modules/electron/dist/version'), version)
  if (whole) writeFileSync(join(root, 'node_modules/electron/path.txt'), 'electron')
}

function choose(words: readonly string[], over: Partial<FaceOptions> = {}): Promise<Face> {
  return chooseFace({
    root,
    dataFolder,
    flags: parseFlags(words, root),
    platform: 'linux',
    environment: { DISPLAY: ':0' },
    now: () => 10 * DAY,
    onWord: () => {},
    fetch: () => Promise.reject(new Error('Nothing should be fetched.')),
    sandbox: () => null,
    ...over,
  })
}
const cannot = (when = ''): Face => ({
  kind: 'browser',
  why: `The desktop window needs Electron, which cannot be had here (getaddrinfo ENOTFOUND github.com${when}): opening in the browser. npm start -- --desktop tries again.`,
})

test('who asks for the browser gets it without a word', async () => {
  expect(await choose(['--browser'])).toEqual({ kind: 'browser', why: null })
  expect(await choose(['--port', '6000'])).toEqual({ kind: 'browser', why: null })
})

test('without a display there is no window, and nothing is fetched for one', async () => {
  const why = 'There is no display here, so Benchtop runs in the browser.'
  expect(await choose([], { environment: {} })).toEqual({ kind: 'browser', why })
  expect(await choose(['--desktop'], { environment: {} })).toEqual({ kind: 'browser', why })
})

test('an Electron that is there is used', async () => {
  unpack()
  expect(await choose([])).toEqual({ kind: 'desktop', electron: program() })
  expect(await choose([], { environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toEqual({
    kind: 'desktop',
    electron: program(),
  })
  const own = join(root, 'own')
  mkdirSync(own)
  writeFileSync(join(own, 'electron'), '')
  const environment = { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: own }
  expect(await choose([], { environment })).toEqual({ kind: 'desktop', electron: join(own, 'electron') })
})

test('an Electron of another version, or half unpacked, is fetched', async () => {
  for (const [version, whole] of [
    ['44.0.0', true],
    ['45.4.1', false],
  ] as const) {
    rmSync(join(root, 'node_modules/electron/path.txt'), { force: true })
    unpack(version, whole)
    const fetch = vi.fn((_options: FetchOptions) => {
      unpack()
      return Promise.resolve(null)
    })
    expect(await choose([], { fetch })).toEqual({ kind: 'desktop', electron: program() })
    expect(fetch).toHaveBeenCalledOnce()
  }
})

test('what cannot be had is asked for once a day, with two seconds’ patience', async () => {
  const fetch = vi.fn((_options: FetchOptions) => refuse())
  expect(await choose([], { fetch })).toEqual(cannot())
  expect(await choose([], { fetch, now: () => 11 * DAY - 1 })).toEqual(cannot(', asked within a day'))
  expect(await choose([], { fetch, now: () => 11 * DAY })).toEqual(cannot())
  expect(fetch.mock.calls.map(([{ patience }]) => patience)).toEqual([2_000, 2_000])
})

test('--desktop asks again, and more patiently', async () => {
  const fetch = vi.fn((_options: FetchOptions) => refuse())
  await choose([], { fetch })
  expect(await choose(['--desktop'], { fetch })).toEqual(cannot())
  expect(fetch.mock.calls.map(([{ patience }]) => patience)).toEqual([2_000, 30_000])
})

test('another version of Electron, a clock set back and a damaged memory ask again', async () => {
  const fetch = vi.fn((_options: FetchOptions) => refuse())
  await choose([], { fetch })
  await choose([], { fetch, now: () => 9 * DAY })
  writeFileSync(join(root, 'node_modules/electron/package.json'), '{"version":"46.0.0"}')
  await choose([], { fetch, now: () => 9 * DAY })
  writeFileSync(join(dataFolder, readdirSync(dataFolder)[0] ?? ''), '{"ver')
  await choose([], { fetch, now: () => 9 * DAY })
  expect(fetch).toHaveBeenCalledTimes(4)
})

test('where nothing can be remembered, the answer is the same', async () => {
  writeFileSync(dataFolder, 'a file in the way')
  chmodSync(dataFolder, 0o400)
  expect(await choose([], { fetch: refuse })).toEqual(cannot())
})

test('a sandbox that cannot start means the browser, with the reason and the fix', async () => {
  unpack()
  const asked: string[] = []
  const sandbox = (folder: string) => {
    asked.push(folder)
    return { reason: 'AppArmor keeps Chromium’s sandbox from starting here', fix: 'sudo …' }
  }
  expect(await choose([], { sandbox })).toEqual({
    kind: 'browser',
    why: 'Opening in the browser, because AppArmor keeps Chromium’s sandbox from starting here. To have the window: sudo …',
  })
  expect(asked).toEqual([join(root, 'node_modules/electron/dist')])
})
