import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { FoundSource } from '#shared/contract/imports.ts'
import { appError } from '#shared/rpc/errors.ts'
import { allReaders } from './all-readers.ts'
import { type ImportBench, openImportBench } from './bench.fixture.ts'
import { memoryStores } from './memory-source.fixture.ts'
import { experiment, run, writeFiles } from './mlflow-files/store.fixture.ts'

it('names the store that can’t be read beside those that can', async () => {
  const readers = allReaders.map((reader): (typeof allReaders)[number] => ({
    ...reader,
    open: (location, ...rest) => {
      if (location.endsWith('torn')) throw appError('corrupt', `${location} is damaged.`)
      return reader.open(location, ...rest)
    },
  }))
  const bench = openImportBench(readers)
  try {
    const root = join(bench.project.folder, 'thesis')
    for (const name of ['torn', 'whole'])
      writeFiles(join(root, name), { '0/meta.yaml': experiment('0', 'Default'), '0/abc/meta.yaml': run('0', 'abc') })
    for await (const event of bench.calls.inspect({ project: 'test', location: root }, bench.context)) {
      if (event.type !== 'plan') continue
      expect(event.plan.sources.map(({ location }) => location)).toEqual([join(root, 'whole')])
      expect(event.plan.problem).toBe(`${join(root, 'torn')} is damaged.`)
    }
  } finally {
    await bench.dispose()
  }
})

/** What a plan says of the runs of a place. */
async function runsIn(bench: ImportBench, location: string): Promise<FoundSource['runs'] | undefined> {
  for await (const event of bench.calls.inspect({ project: 'test', location }, bench.context))
    if (event.type === 'plan') return event.plan.sources[0]?.runs
  return undefined
}
const runsOf = (given: Partial<FoundSource['runs']>) => ({
  new: 0,
  changed: 0,
  known: 0,
  elsewhere: 0,
  inTrash: 0,
  erased: 0,
  moved: [],
  ...given,
})

it('says of a copy of a store that nothing of it is new, and of what has grown in it that it has', async () => {
  const bench = openImportBench(allReaders)
  try {
    const root = bench.project.folder
    const store = (place: string, files: Readonly<Record<string, string>> = {}): string => {
      const long = [0, 1, 2].map((step) => `170000000000${step} ${step / 8} ${step}\n`).join('')
      writeFiles(join(root, place, 'mlruns'), {
        '0/meta.yaml': experiment('0', 'Default'),
        ...Object.fromEntries(
          ['aa', 'bb', 'cc', 'dd'].flatMap((id) => [
            [`0/${id}/meta.yaml`, run('0', id)],
            [`0/${id}/metrics/loss`, long],
            [`0/${id}/params/lr`, '0.1'],
            [`0/${id}/tags/team`, 'x'],
          ]),
        ),
        ...files,
      })
      return join(root, place, 'mlruns')
    }
    await bench.take(store('one'))
    const copy = store('two')
    expect(await runsIn(bench, copy)).toEqual(runsOf({ known: 4 }))
    const grown = store('three', {
      '0/aa/metrics/loss': '1700000000000 0 0\n1700000000009 9 9\n',
      '0/bb/params/depth': '3',
      '0/cc/tags/fresh': 'y',
      '0/ee/meta.yaml': run('0', 'ee'),
    })
    expect(await runsIn(bench, grown)).toEqual(runsOf({ known: 1, changed: 3, new: 1 }))
    // What the plan said is what comes.
    const [nothing] = await bench.take(copy)
    expect(nothing).toMatchObject({ knownRuns: 4, came: { runs: 0, updatedRuns: 0, points: 0, params: 0, tags: 0 } })
    const [more] = await bench.take(grown)
    expect(more).toMatchObject({ knownRuns: 1, came: { runs: 1, updatedRuns: 3 } })
  } finally {
    await bench.dispose()
  }
})

it('leaves open what is new in runs that a server has and another place brought', async () => {
  const given = [{ id: 'aa', experiment: '0', params: { p: '1' } }]
  const stores = { experiments: [{ id: '0', name: 'Default' }], runs: given }
  const memory = memoryStores({ 'memory:a': stores, 'memory:b': stores })
  const bench = openImportBench(memory.readers)
  try {
    await bench.take('memory:a')
    expect(await runsIn(bench, 'memory:b')).toEqual(runsOf({ known: 1 }))
    memory.stores.set('memory:b', { ...stores, runs: [{ ...given[0]!, params: { p: '1', q: '2' } }] })
    memory.asked.length = 0
    expect(await runsIn(bench, 'memory:b')).toEqual(runsOf({ elsewhere: 1 }))
  } finally {
    await bench.dispose()
  }
})
