import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openRunIndex } from '#electron/features/runs/run-index/run-index.ts'
import { medianOf, time } from './median.ts'
import type { FirstQuestion } from './first-question.ts'
import { closeProject, fillTable, openProject, tableQuestion } from './table-project.ts'

const STARTS = 7

export type Restart = {
  /** Reading all from its rows, where nothing is stored. */
  readonly load: number
  /** Opening database, metrics and the stored table. */
  readonly opened: number
  /** Making ready what was last looked at, as a backend does while its window loads, and the longest turn of it. */
  readonly ready: number
  readonly turn: number
  /** The first filter, sort and page then. */
  readonly first: number
  readonly next: number
  /** The same where it is asked before anything is ready, with all 40 columns and with five. */
  readonly atOnce: number
  readonly atOnceOfFive: number
  /** A page, and all columns described, after one run changed. */
  readonly patched: number
  readonly described: number
}

/** A project of so many runs: read, stored, and asked by one new process after another. Medians in milliseconds. */
export async function measureRestart(runs: number): Promise<Restart> {
  const folder = mkdtempSync(join(tmpdir(), 'run-table-'))
  try {
    const project = openProject(folder)
    await fillTable(project, runs)
    const begun = performance.now()
    const index = openRunIndex(project)
    const load = performance.now() - begun
    index.table({ ...tableQuestion(0.5, 40), limit: 200 })
    await index.store()
    let count = 0
    const change = (): void => {
      project.db.run('UPDATE run SET name = ? WHERE number = 17', `renamed ${count++}`)
    }
    const patched = time(15, () => {
      change()
      index.table(tableQuestion(0.5, 40))
    })
    index.describe('active')
    const described = time(15, () => {
      change()
      index.describe('active')
    })
    index.close()
    await closeProject(project)
    const all = await starts(folder, 40, 'ready')
    const none = await starts(folder, 40, 'at once')
    const five = await starts(folder, 5, 'at once')
    return {
      load,
      patched,
      described,
      opened: medianOf(all.map(({ opened }) => opened)),
      ready: medianOf(all.map(({ ready }) => ready)),
      turn: Math.max(...all.map(({ turn }) => turn)),
      first: medianOf(all.map(({ first }) => first)),
      next: medianOf(all.map(({ next }) => next)),
      atOnce: medianOf(none.map(({ first }) => first)),
      atOnceOfFive: medianOf(five.map(({ first }) => first)),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function starts(folder: string, columns: number, when: 'ready' | 'at once'): Promise<readonly FirstQuestion[]> {
  const entry = join(import.meta.dirname, 'first-question.ts')
  const found: FirstQuestion[] = []
  for (let start = 0; start < STARTS; start++) {
    const { stdout } = await promisify(execFile)(process.execPath, [entry, folder, String(columns), when])
    found.push(JSON.parse(stdout) as FirstQuestion)
  }
  return found
}
