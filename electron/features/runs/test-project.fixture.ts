import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Change } from '#shared/contract/common.ts'
import { createCommitQueue } from '#electron/db/commit-queue.ts'
import { openWriter } from '#electron/db/connection.ts'
import { openMetricStore } from '#electron/features/metrics/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { silentLog } from '#electron/platform/log.ts'

export type TestProject = ProjectContext & {
  /** What was said to have changed, oldest first. */
  readonly changes: Omit<Change, 'revision'>[]
  /** Sets the clock, milliseconds since 1970. */
  readonly setTime: (now: number) => void
  /** Closes and opens the same folder again. */
  readonly reopen: () => Promise<TestProject>
  readonly dispose: () => Promise<void>
}

export const START = Date.UTC(2026, 10, 1, 12)

/** A project in a folder of its own with a real database and metric store; ids and the clock are foreseeable. */
export function openTestProject(id = 'test', root = mkdtempSync(join(tmpdir(), 'project-'))): TestProject {
  const place = join(root, '.benchtop')
  mkdirSync(join(place, 'artifacts'), { recursive: true })
  const db = openWriter(join(place, 'project.db'))
  db.run(
    `INSERT INTO experiment (id, name, created_at, updated_at) VALUES ('0', 'Default', ?, ?) ON CONFLICT DO NOTHING`,
    START,
    START,
  )
  const commits = createCommitQueue(db)
  const metrics = openMetricStore(db, { commits })
  const changes: Omit<Change, 'revision'>[] = []
  let now = START
  let count = db.value<number>(`SELECT seq FROM sqlite_sequence WHERE name = 'run'`) ?? 0
  // Two projects must not give out the same ids.
  const prefix = id === 'test' ? '' : Buffer.from(id).toString('hex').slice(0, 6)
  const next = (length: number): string => prefix + (++count).toString(16).padStart(length - prefix.length, '0')
  const close = async (): Promise<void> => {
    await metrics.close()
    commits.close()
    db.close()
  }
  return {
    id,
    name: id,
    folder: root,
    inbox: false,
    readOnly: false,
    place,
    artifactsFolder: join(place, 'artifacts'),
    dataFolder: root,
    db,
    commits,
    metrics,
    clock: { now: () => now },
    ids: {
      run: () => next(32),
      model: () => `m-${next(32)}`,
      experiment: () => `1${(++count).toString().padStart(17, '0')}`,
      short: () => next(12),
    },
    log: silentLog,
    changed: (change) => void changes.push(change),
    changes,
    setTime: (time) => void (now = time),
    reopen: async () => {
      await close()
      return openTestProject(id, root)
    },
    dispose: async () => {
      await close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
