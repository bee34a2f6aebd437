import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let folder: string
beforeEach(() => {
  vi.resetModules()
  folder = mkdtempSync(join(tmpdir(), 'benchtop-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function open() {
  const { machine } = await import('./stand-in/electron.ts')
  const { openSecretStore } = await import('#electron/main/secret-store.ts')
  return { machine, store: openSecretStore(folder) }
}
const file = (): string => readFileSync(join(folder, 'secrets.json'), 'utf8')

test('a secret comes back, rests encrypted in a file of the user alone, and can be forgotten', async () => {
  const { store } = await open()
  await store.set('s3', 'AKIA-ñ-漢')
  await store.set('hub', 'two')
  expect([await store.get('s3'), await store.get('hub'), await store.get('toString')]).toEqual([
    'AKIA-ñ-漢',
    'two',
    undefined,
  ])
  expect([file().includes('AKIA'), statSync(join(folder, 'secrets.json')).mode & 0o777]).toEqual([false, 0o600])
  store.forget('s3')
  expect([await store.get('s3'), await store.get('hub')]).toEqual([undefined, 'two'])
})

test('a changed key is followed, so that the old one is not needed again', async () => {
  const { machine, store } = await open()
  await store.set('s3', 'word')
  const before = file()
  machine.keyVersion = 2
  expect(await store.get('s3')).toBe('word')
  expect(file()).not.toBe(before)
  const after = file()
  expect([await store.get('s3'), file()]).toEqual(['word', after])
})

test('without a keychain nothing is kept; a secret of another keychain is unknown, not an error', async () => {
  const { machine, store } = await open()
  await store.set('s3', 'word')
  for (const keychain of ['none', 'basic_text'] as const) {
    machine.keychain = keychain
    expect(await store.kind()).toBe('file')
    await expect(store.set('s3', 'other')).rejects.toMatchObject({ code: 'unavailable' })
    expect(await store.get('s3')).toBeUndefined()
  }
  machine.keychain = 'gnome_libsecret'
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify({ s3: 'AAAA' }))
  expect(await store.get('s3')).toBeUndefined()
  writeFileSync(join(folder, 'secrets.json'), '{"s3":')
  expect(await store.get('s3')).toBeUndefined()
})
