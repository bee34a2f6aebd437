import { z } from 'zod'
import type { ReadDb } from '#electron/db/connection.ts'
import { type ProjectContext, setMeta } from '#electron/features/projects/index.ts'
import type { RunFolder } from './run-folders.ts'

/** Marks in the target's `project_meta`: a copy that is not whole yet, and a whole one of whose original something may be left. */
export const COMING = 'moving:'
export const ARRIVED = 'moved:'

const Mark = z.object({
  source: z.string(),
  folders: z.array(z.object({ kind: z.enum(['runs', 'models', 'launches']), name: z.string() })),
  digest: z.string().optional(),
})

/** Where a run comes from, the folders that are on their way, and, once it is whole, what it was then: see `digestOf`. */
export type Mark = {
  readonly source: string
  readonly folders: readonly RunFolder[]
  readonly digest?: string | undefined
}

export function putMark({ db }: ProjectContext, kind: string, run: string, mark: Mark): void {
  setMeta(db, kind + run, JSON.stringify(mark))
}

/** In a project's `project_meta`: the name of the project that a run was moved to from here. */
const AWAY = 'away:'

/** Notes where a run went, so that it is not told to be deleted. Part of the caller's write. */
export function putAway({ db }: ProjectContext, run: string, target: Pick<ProjectContext, 'name'>): void {
  setMeta(db, AWAY + run, target.name)
}

/** Of a run that is here. Part of the caller's write. */
export function clearAway(project: ProjectContext, run: string): void {
  clearMark(project, AWAY, run)
}

/** The names of the projects that runs were moved to from here, by the runs' ids, as the projects were called then. */
export function movedAway(db: ReadDb): ReadonlyMap<string, string> {
  return new Map(
    db
      .prepare('SELECT substr(key, ?), value FROM project_meta WHERE substr(key, 1, ?) = ?')
      .rows<readonly [string, string]>(AWAY.length + 1, AWAY.length, AWAY),
  )
}

export function clearMark({ db }: ProjectContext, kind: string, run: string): void {
  db.run('DELETE FROM project_meta WHERE key = ?', kind + run)
}

export function marks({ db }: ProjectContext, kind: string): readonly (readonly [run: string, mark: Mark])[] {
  return db
    .prepare('SELECT substr(key, ?), value FROM project_meta WHERE substr(key, 1, ?) = ?')
    .rows<readonly [string, string]>(kind.length + 1, kind.length, kind)
    .flatMap(([run, value]) => {
      const mark = parseMark(value)
      return mark === undefined ? [] : [[run, mark] as const]
    })
}

/** Names become parts of paths that are deleted, so a damaged mark is left alone. */
function parseMark(text: string): Mark | undefined {
  try {
    const parsed = Mark.safeParse(JSON.parse(text))
    const plain = parsed.data?.folders.every(({ name }) => /^[a-zA-Z0-9][\w-]*$/.test(name)) === true
    return parsed.success && plain ? parsed.data : undefined
  } catch {
    return undefined
  }
}
