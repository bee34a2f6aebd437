import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { batchPoints, BATCHES_A_RUN, type PlannedPoint, runOf } from '#test/fixtures/metrics/kill-plan.ts'
import { openTestStore } from '#test/fixtures/metrics/open-test-store.ts'
import { createRowTable, type Row, summaryOf } from '#test/fixtures/metrics/row-table.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { orphans } from './orphans.ts'

/** Thirty where everything is asked for, a few in the quick loop. */
const KILLS = process.env['BENCHTOP_REQUIRE_ALL'] === '1' ? 30 : 6
const CHILD = join(import.meta.dirname, '../../../../test/fixtures/metrics/append-until-killed.ts')

/**
 * Lets the child write from batch `first` on, and kills it some time after its first acknowledgement. `written` is the last batch up to
 * which all were acknowledged: those of a round are so in any order.
 */
async function writeUntilKilled(
  file: string,
  first: number,
): Promise<{ readonly written: number; readonly deleted: number }> {
  const child = spawn(process.execPath, [CHILD, file, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged = new Set<number>()
  let deleted = 0
  let timer: NodeJS.Timeout | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, number] = line.split(' ')
    if (what === 'deleted') deleted = Number(number)
    else acknowledged.add(Number(number))
    timer ??= setTimeout(() => child.kill('SIGKILL'), Math.random() * 250)
  }
  expect(child.signalCode ?? (await new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal))))).toBe(
    'SIGKILL',
  )
  let written = first - 1
  while (acknowledged.has(written + 1)) written++
  return { written, deleted }
}

const spell = ({ step, time, value }: Row): string => `${step} ${time} ${value}`

/** Compares the runs that may still be there with the plan: all of what was acknowledged, nothing that was never sent. */
async function check(folder: string, written: number, sent: number, deleted: number): Promise<void> {
  const { db, store, close } = openTestStore({ layout: { chunkPoints: 32, linesABlock: 3 } }, folder)
  const perSeries = (last: number, run: number): ReadonlyMap<string, readonly PlannedPoint[]> => {
    const start = (run - 1) * BATCHES_A_RUN
    const batches = Array.from(
      { length: Math.max(0, Math.min(last + 1, start + BATCHES_A_RUN) - start) },
      (_, i) => start + i,
    )
    return Map.groupBy(batches.flatMap(batchPoints), ({ key }) => key)
  }
  for (let run = 1; run <= runOf(sent); run++) {
    const listed = store.list(run)
    // A deletion that was not acknowledged has happened wholly or not at all.
    const gone = run <= deleted || (run <= runOf(sent) - 2 && listed.length === 0)
    if (gone) {
      expect(listed).toEqual([])
      continue
    }
    const [needed, possible] = [perSeries(written, run), perSeries(sent, run)]
    expect(listed.map(({ key }) => key)).toEqual(expect.arrayContaining([...needed.keys()]))
    for (const { id, key, summary } of listed) {
      const { step, time, value } = store.series(id)
      const rows = Array.from(step, (_, i) => ({
        step: step[i] as number,
        time: time[i] as number,
        value: value[i] as number,
      }))
      const there = new Set(rows.map(spell))
      expect((needed.get(key) ?? []).map(spell).filter((point) => !there.has(point))).toEqual([])
      const allowed = new Set((possible.get(key) ?? []).map(spell))
      expect([...there].filter((point) => !allowed.has(point))).toEqual([])
      const table = createRowTable()
      for (const row of rows) table.append(0, row)
      expect(table.rows(0)).toEqual(rows)
      expect(summary).toEqual(summaryOf(rows))
    }
  }
  expect(orphans(db)).toEqual([])
  expect(db.all('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }])
  expect(store.statistics().damaged).toBe(0)
  await close()
}

test('every acknowledged point is there after each kill, and nothing hangs loose', { timeout: 300_000 }, async () => {
  const folder = tempFolder()
  const file = join(folder, 'project.db')
  openTestStore({}, folder).db.close()
  let next = 0
  let deleted = 0
  // Long enough for a run to be deleted under the kills, however slow the machine is.
  for (let kill = 0; kill < KILLS || deleted === 0; kill++) {
    const outcome = await writeUntilKilled(file, next)
    deleted = Math.max(deleted, outcome.deleted)
    // Of the round that was on its way anything may be there.
    await check(folder, outcome.written, outcome.written + 3, deleted)
    next = outcome.written + 1
  }
})
