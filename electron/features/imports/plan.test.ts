import { join } from 'node:path'
import { expect, it } from 'vitest'
import { appError } from '#shared/rpc/errors.ts'
import { allReaders } from './all-readers.ts'
import { openImportBench } from './bench.fixture.ts'
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
