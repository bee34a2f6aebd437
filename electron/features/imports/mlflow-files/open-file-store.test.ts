import { rmSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ImportNote } from '#shared/contract/imports.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import type { ImportSource } from '../source.ts'
import { looksLikeFileStore, openFileStore } from './index.ts'
import { experiment, run, storeIn, writeFiles } from './store.fixture.ts'

const none = new AbortController().signal
const ids = Array.from({ length: 600 }, (_, at) => at.toString(16).padStart(32, '0'))

async function open(root: string, notes: ImportNote[] = []): Promise<ImportSource> {
  const source = await openFileStore(root, (note) => notes.push(note))
  onTestFinished(() => source.close())
  return source
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

function manyRuns(): string {
  const runs = ids.map((id, at) => [`7/${id}/meta.yaml`, run('7', id, `start_time: ${1700000000000 + at}\n`)])
  return storeIn(tempFolder(), { '7/meta.yaml': experiment('7', 'churn'), ...Object.fromEntries(runs) })
}

describe('openFileStore', () => {
  it('gives everything from its thread, notes before the answer that they belong to', async () => {
    const root = manyRuns()
    const lines = Array.from({ length: 70_000 }, (_, at) => `${1700000000000 + at} ${at} ${at}\n`).join('')
    writeFiles(root, {
      [`7/${ids[3]}/metrics/a`]: lines,
      [`7/${ids[3]}/metrics/b`]: lines,
      [`7/${ids[3]}/metrics/c`]: 'rubbish\n1 2 3\n',
      [`7/${ids[3]}/params/lr`]: '1',
      'models/m/meta.yaml': 'creation_timestamp: 1\nname: m\n',
    })
    const notes: ImportNote[] = []
    const source = await open(root, notes)
    expect([source.kind, source.location, source.era]).toEqual(['mlflow-files', root, 'file store with a registry'])
    expect((await source.experiments(none)).map(({ id }) => id)).toEqual(['7'])
    const runs = await all(source.runs('7', none))
    expect(runs.map(({ id }) => id)).toEqual(ids)
    expect((await all(source.runs('7', none, new Set(ids.slice(5, 7))))).map(({ id }) => id)).toEqual(ids.slice(5, 7))
    const contents = await source.contents(runs[3]!, none)
    expect(contents.params).toEqual([{ key: 'lr', value: '1' }])
    const series = await all(contents.series)
    expect(series.map(({ key, value }) => [key, value.length, value.at(-1)])).toEqual([
      ['a', 70_000, 69_999],
      ['b', 70_000, 69_999],
      ['c', 1, 2],
    ])
    expect(notes.map(({ why }) => why)).toEqual(['a line of it is no point: “rubbish”'])
    expect((await all(source.registeredModels(none))).map(({ name }) => name)).toEqual(['m'])
    expect(await all(source.loggedModels('7', none))).toEqual([])
    expect(await source.modelCounts(none)).toEqual({ logged: 0, registered: 1, versions: 0 })
  })

  it('can be left in the middle of a list, and stopped', async () => {
    const source = await open(manyRuns())
    for await (const { id } of source.runs('7', none)) {
      expect(id).toBe(ids[0])
      break
    }
    const stop = new AbortController()
    const seen: string[] = []
    const reading = (async () => {
      for await (const { id } of source.runs('7', stop.signal)) {
        seen.push(id)
        if (seen.length === 10) stop.abort()
      }
    })()
    await expect(reading).rejects.toThrow('aborted')
    expect(seen).toEqual(ids.slice(0, 10))
    await expect(source.experiments(stop.signal)).rejects.toThrow('aborted')
    expect((await source.experiments(none)).length).toBe(1)
  })

  it('says in words when there is no store, or none any more', async () => {
    await expect(openFileStore('/nowhere/mlruns', () => {})).rejects.toMatchObject({ code: 'not_found' })
    const root = manyRuns()
    const source = await open(root)
    rmSync(root, { recursive: true })
    await expect(source.experiments(none)).rejects.toMatchObject({
      code: 'not_found',
      message: `${root} is not there.`,
    })
    await source.close()
    await expect(source.experiments(none)).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('looksLikeFileStore', () => {
  it.each([
    ['an experiment', { '0/meta.yaml': experiment('0', 'Default') }, true],
    ['a deleted experiment alone', { '.trash/0/meta.yaml': experiment('0', 'Default') }, true],
    ['a registry alone', { 'models/m/meta.yaml': 'creation_timestamp: 1\nname: m\n' }, true],
    ['nothing', {}, false],
    ['artifacts', { '0/3fa/artifacts/model/MLmodel': 'x' }, false],
    ['one experiment’s runs', { 'meta.yaml': experiment('0', 'x'), '3fa/meta.yaml': run('0', '3fa') }, false],
    ['one experiment’s models', { 'models/m-1/meta.yaml': 'creation_timestamp: 1\nmodel_id: m-1\nname: m-1\n' }, false],
    ['other people’s YAML', { 'recipe/meta.yaml': 'package:\n  name: recipe\n' }, false],
    ['rubbish', { '0/meta.yaml': '\0\u0001[' }, false],
  ])('of a folder of %s', async (_, files, expected) => {
    expect(await looksLikeFileStore(storeIn(tempFolder(), files))).toBe(expected)
  })

  it('of no folder', async () => expect(await looksLikeFileStore('/nowhere')).toBe(false))
})
