import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { openMlflowWriter } from './mlflow-writer.ts'

test('a database of which anything could not be written is never called whole', async () => {
  for (const handed of ['rows', 'points'] as const) {
    const writer = await openMlflowWriter(join(tempFolder(), 'mlflow.db'))
    // It is only handed over here: what becomes of it is told later.
    if (handed === 'rows') await writer.rows('runs', ['no such column'], [['x']])
    else {
      const [step, time, value] = [new Float64Array(1), new Float64Array(1), new Float64Array(1)]
      await writer.points({ run: 'a', key: null as never, step, time, value })
    }
    await expect(writer.finish()).rejects.toThrow(/no such column|no column|NOT NULL/)
    await writer.close()
  }
})
