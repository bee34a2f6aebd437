import { join } from 'node:path'
import { TableRequest } from '#shared/contract/runs.ts'
import { createCommitQueue } from '#electron/db/commit-queue.ts'
import { openWriter } from '#electron/db/connection.ts'
import { openMetricStore } from '#electron/features/metrics/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { randomIds } from '#electron/platform/ids.ts'
import { silentLog } from '#electron/platform/log.ts'

export const PARAMS = 20
export const METRICS = 20

/** Parameter 0 is a seed of five; the others have fifty values each, shared by the five runs of a seed. */
export function paramOf(run: number, key: number): string {
  if (key === 0) return String(run % 5)
  return String(((Math.imul(Math.floor(run / 5) + 1, 0x9e37_79b1 + key * 0x85eb_ca6a) >>> 16) % 50) / 50)
}

const COLUMNS = Array.from({ length: PARAMS }, (_, key) => [
  key === 0 ? 'param:seed' : `param:p${key}`,
  `metric:m${key}:last`,
]).flat()

/** A page of the table. */
export function tableRequest(given: Omit<Partial<TableRequest>, 'project'>) {
  return TableRequest.parse({ project: 'bench', columns: COLUMNS, limit: 50, ...given })
}

/** Filter, sort and page, with so many columns shown. */
export function tableQuestion(above: number, columns: number) {
  return tableRequest({
    columns: COLUMNS.slice(0, columns),
    filter: `params.p1 > 0.01 AND metrics.m2 > ${above}`,
    sort: [{ column: 'metric:m3:last', direction: 'asc' }],
  })
}

/** Opens a project's database in a folder, without the rest of a backend. */
export function openProject(folder: string): ProjectContext {
  const db = openWriter(join(folder, 'project.db'))
  db.run(`INSERT INTO experiment (id, name) VALUES ('0', 'Default') ON CONFLICT DO NOTHING`)
  const commits = createCommitQueue(db)
  return {
    id: 'bench',
    name: 'bench',
    folder,
    inbox: false,
    readOnly: false,
    place: folder,
    artifactsFolder: join(folder, 'artifacts'),
    dataFolder: folder,
    db,
    commits,
    metrics: openMetricStore(db, { commits }),
    clock: { now: () => Date.now() },
    ids: randomIds,
    log: silentLog,
    changed: () => {},
  }
}

/** Writes runs with all their parameters and one point of each metric, of float32 origin as trainers log them. */
export async function fillTable({ db, commits, metrics, ids }: ProjectContext, runs: number): Promise<void> {
  const random = generator(7)
  for (let from = 1; from <= runs; from += 1_000) {
    await commits.enqueue(() => {
      for (let number = from; number < from + 1_000; number++) {
        db.run(
          `INSERT INTO run (number, id, experiment, name, status, source, script, started_at, ended_at, created_at)
             VALUES (?, ?, '0', ?, 'finished', 'launch', 'train.py', ?, ?, ?)`,
          number,
          ids.run(),
          `run ${number}`,
          number * 1_000,
          number * 1_000 + 500,
          number,
        )
        for (let key = 0; key < PARAMS; key++) {
          const name = key === 0 ? 'seed' : `p${key}`
          db.run(
            `INSERT INTO param (run, origin, key, value) VALUES (?, 'logged', ?, ?)`,
            number,
            name,
            paramOf(number, key),
          )
        }
      }
    })
    const size = 1_000 * METRICS
    const series = Uint32Array.from({ length: size }, (_, place) =>
      metrics.seriesFor(from + Math.floor(place / METRICS), `m${place % METRICS}`, 'logged'),
    )
    const value = Float64Array.from({ length: size }, () => Math.fround(random()))
    await metrics.append({ series, step: new Float64Array(size), time: new Float64Array(size).fill(from), value })
    // Two million series with a tail each would be gigabytes.
    if (from % 10_000 === 9_001 || from + 1_000 > runs) await metrics.compactNow()
  }
}

/** Closes what openProject opened. */
export async function closeProject({ metrics, commits, db }: ProjectContext): Promise<void> {
  await metrics.close()
  commits.close()
  db.close()
}

/** Mulberry32: the same numbers on each machine. */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b_79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / 4_294_967_296
  }
}
