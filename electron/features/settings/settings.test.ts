import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Settings, settings as procedures } from '#shared/contract/settings.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { createSettings } from './index.ts'

const DEFAULTS = Settings.parse({})

function open(dataFolder = tempFolder()) {
  const changes: unknown[] = []
  const settings = createSettings({ dataFolder, changed: (change) => void changes.push(change) })
  return { dataFolder, settings, changes, file: join(dataFolder, 'settings.json') }
}

it('begins with the defaults, and keeps a change of some over a restart', () => {
  const { dataFolder, settings, changes, file } = open()
  expect(settings.get()).toEqual(DEFAULTS)
  const changed = { ...DEFAULTS, theme: 'dark', capture: { ...DEFAULTS.capture, git: false } }
  expect(settings.update({ theme: 'dark', capture: { git: false } })).toEqual(changed)
  expect([settings.get(), open(dataFolder).settings.get()]).toEqual([changed, changed])
  expect([changes, statSync(file).mode & 0o777]).toEqual([[{ project: null, entity: 'settings', ids: [] }], 0o600])
})

it('refuses what is no setting, names the field, and changes nothing', () => {
  const { settings, changes } = open()
  expect(() => settings.update({ queueLimit: 0 })).toThrow(
    expect.objectContaining({ code: 'invalid', field: 'queueLimit' }),
  )
  expect(() => settings.update({ devices: ['0; rm -rf /'] })).toThrow(
    expect.objectContaining({ code: 'invalid', field: 'devices.0' }),
  )
  expect([settings.get(), changes]).toEqual([DEFAULTS, []])
  const named = (name: string): boolean => procedures.update.input.safeParse({ change: { [name]: true } }).success
  expect(['theme', 'unknown', 'toString', 'constructor'].map(named)).toEqual([true, false, false, false])
})

it('a change that could not be written is not in force', () => {
  const { dataFolder, settings } = open()
  rmSync(dataFolder, { recursive: true })
  writeFileSync(dataFolder, '')
  expect(() => settings.update({ theme: 'dark' })).toThrow()
  expect(settings.get()).toEqual(DEFAULTS)
  rmSync(dataFolder)
  mkdirSync(dataFolder)
})

it('a damaged file counts as the defaults and is kept aside', () => {
  const dataFolder = tempFolder()
  const file = join(dataFolder, 'settings.json')
  writeFileSync(file, '{"theme":"plaid"}')
  const { settings } = open(dataFolder)
  expect(settings.get()).toEqual(DEFAULTS)
  settings.update({ theme: 'light' })
  expect(readFileSync(`${file}.damaged`, 'utf8')).toBe('{"theme":"plaid"}')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ theme: 'light' })
})
