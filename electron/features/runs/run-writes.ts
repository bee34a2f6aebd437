import { pythonRepr } from '#shared/lib/python-repr.ts'
import { isAbsolute, relative, sep } from 'node:path'
import type { ParamOrigin } from '#shared/contract/common.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { isMirrored, isUntold, MIRRORED_TAGS, type MirroredTag } from './mirrored-tags.ts'
import { findRun, paramValue, type Tag } from './queries.ts'
import { columnsOf, type RunChange, type RunRecord, type RunSource } from './records.ts'
import { endingOf } from './status.ts'

export type NewRun = {
  /** 32 hexadecimal digits by default; imported runs keep theirs. */
  readonly id?: string
  /** The experiment's id; `0` by default. It has to be active. */
  readonly experiment?: string
  /** A made-up name by default. */
  readonly name?: string
  /** `running` by default. */
  readonly status?: RunRecord['status']
  /** Now by default; null for a run that waits. */
  readonly startedAt?: number | bigint | null
  readonly endedAt?: number | bigint | null
  readonly user?: string | null
  readonly source: RunSource
  readonly parent?: string | null
  readonly script?: string | null
  readonly folder?: string | null
  readonly command?: readonly string[] | null
  readonly note?: string
  readonly loggedElsewhere?: string | null
  readonly tags?: readonly Tag[]
}

/** Says that a run has changed; collected for the write's `changes`. */
export type Touch = (entity: 'run' | 'experiment' | 'metric', id: string) => void

/** The run that a write is about. Throws `not_found`; and `conflict` for one in the trash, as MLflow refuses to log to it. */
export function activeRun(project: ProjectContext, id: string): RunRecord {
  const run = existingRun(project, id)
  if (run.lifecycle === 'deleted') throw inTrash(id)
  return run
}

/** The number of a run that may be logged to: `activeRun` where nothing else of the run is wanted, for each request that logs. */
export function loggableRun({ db }: ProjectContext, id: string): number {
  const row = db.prepare('SELECT number, lifecycle FROM run WHERE id = ?').row<readonly [number, string]>(id)
  if (row === undefined) throw noRun(id)
  if (row[1] === 'deleted') throw inTrash(id)
  return row[0]
}

/** The run, in the trash or not. Throws `not_found`. */
export function existingRun(project: ProjectContext, id: string): RunRecord {
  const run = findRun(project.db, id)
  if (run === undefined) throw noRun(id)
  return run
}

function noRun(id: string): Error {
  return appError('not_found', `Run with id=${id} not found.`)
}

function inTrash(id: string): Error {
  return appError('conflict', `The run ${id} must be in the 'active' state. Current state is deleted.`, {
    hint: 'Restore it from the trash first.',
  })
}

/** Inserts a run and its tags. Throws `not_found` for an unknown experiment, `conflict` for a deleted one or a taken id. */
export function insertRun(project: ProjectContext, given: NewRun, makeName: () => string, touch: Touch): RunRecord {
  const { db, clock, ids } = project
  const experiment = given.experiment ?? '0'
  const lifecycle = db.value<string>('SELECT lifecycle FROM experiment WHERE id = ?', experiment)
  if (lifecycle === undefined) throw appError('not_found', `No Experiment with id=${experiment} exists.`)
  if (lifecycle === 'deleted') {
    throw appError('conflict', `The experiment ${experiment} must be in the 'active' state. Current state is deleted.`)
  }
  const id = given.id ?? ids.run()
  // Its artifacts would lie among those of the models.
  if (id === 'models') throw appError('invalid', 'No run may be called models.', { field: 'id' })
  if (given.id !== undefined && findRun(db, id) !== undefined)
    throw appError('conflict', `A run with id=${id} is here already.`)
  const now = clock.now()
  const mirrored = mirroredOf(given.tags ?? [])
  const status = given.status ?? 'running'
  const change: RunChange = {
    experiment,
    name: given.name ?? mirrored.name ?? makeName(),
    status,
    startedAt: given.startedAt === undefined ? (status === 'queued' ? null : now) : given.startedAt,
    endedAt: given.endedAt ?? null,
    user: given.user ?? mirrored.user ?? null,
    source: given.source,
    parent: given.parent ?? mirrored.parent ?? null,
    script: given.script ?? scriptOf(project, given.tags ?? []),
    folder: given.folder ?? null,
    command: given.command ?? null,
    note: given.note ?? mirrored.note ?? '',
    loggedElsewhere: given.loggedElsewhere ?? null,
  }
  const columns = [...columnsOf(change), ['id', id], ['created_at', now]] as const
  const { lastId } = db.run(
    `INSERT INTO run (${columns.map(([name]) => name).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ...columns.map(([, value]) => value),
  )
  for (const tag of given.tags ?? []) putTag(project, lastId, tag)
  touch('run', id)
  return existingRun(project, id)
}

/** Sets what `change` names. A status that ends the run sets its end time, one that reopens it takes it away, unless given. */
export function changeRun(project: ProjectContext, id: string, change: RunChange, touch: Touch): RunRecord {
  const run = existingRun(project, id)
  const whole = { ...endingOf(run, change, project.clock.now()), ...change }
  const columns = columnsOf(whole)
  if (columns.length > 0) {
    project.db.run(
      `UPDATE run SET ${columns.map(([name]) => `${name} = ?`).join(', ')} WHERE number = ?`,
      ...columns.map(([, value]) => value),
      run.number,
    )
    touch('run', id)
  }
  return existingRun(project, id)
}

export type ParamEntry = { readonly key: string; readonly value: string }

/**
 * Writes parameters into one of the two namespaces. `captured` ones are replaced. `logged` ones follow MLflow: the same value again is
 * nothing, another one is `conflict`, and then none of the entries is written; `inBatch` chooses its words.
 */
export function putParams(
  project: ProjectContext,
  id: string,
  entries: readonly ParamEntry[],
  origin: ParamOrigin,
  source: string | null,
  touch: Touch,
  inBatch = entries.length > 1,
): void {
  const run = activeRun(project, id)
  const { db } = project
  if (origin === 'captured') {
    for (const { key, value } of entries) {
      db.run(
        `INSERT INTO param (run, origin, key, value, source) VALUES (?, 'captured', ?, ?, ?)
           ON CONFLICT (run, origin, key) DO UPDATE SET value = excluded.value, source = excluded.source`,
        run.number,
        key,
        value,
        source,
      )
    }
  } else {
    const clashes: { readonly key: string; readonly before: string; readonly now: string }[] = []
    for (const { key, value } of entries) {
      const before = paramValue(db, run.number, 'logged', key)
      if (before === undefined) {
        db.run(
          `INSERT INTO param (run, origin, key, value, source) VALUES (?, 'logged', ?, ?, ?)`,
          run.number,
          key,
          value,
          source,
        )
      } else if (before !== value) clashes.push({ key, before, now: value })
    }
    if (clashes.length > 0) throw paramConflict(id, clashes, inBatch)
  }
  if (entries.length > 0) touch('run', id)
}

/** MLflow's words, which its users know how to search for: others for a parameter by itself than for those of a batch, however many. */
function paramConflict(
  id: string,
  clashes: readonly { readonly key: string; readonly before: string; readonly now: string }[],
  inBatch: boolean,
): Error {
  const [first] = clashes
  const field = first === undefined ? {} : { field: first.key }
  if (first !== undefined && !inBatch) {
    return appError(
      'conflict',
      `Changing param values is not allowed. Param with key='${first.key}' was already logged with value='${first.before}' for run ID='${id}'. Attempted logging new value '${first.now}'.`,
      field,
    )
  }
  const list = clashes.map(
    ({ key, before, now }) =>
      `{'key': ${pythonRepr(key)}, 'old_value': ${pythonRepr(before)}, 'new_value': ${pythonRepr(now)}}`,
  )
  return appError(
    'conflict',
    `Changing param values is not allowed. Params were already logged='[${list.join(', ')}]' for run ID='${id}'.`,
    field,
  )
}

/** Sets tags; those that mirror a column of the run (its name, note, user, parent) set the column. */
export function setRunTags(project: ProjectContext, id: string, tags: readonly Tag[], touch: Touch): void {
  const run = activeRun(project, id)
  const { name, ...mirrored } = mirroredOf(tags)
  const change = { ...mirrored, ...(name === undefined || name === '' ? {} : { name }) }
  if (Object.keys(change).length > 0) changeRun(project, id, change, touch)
  putTags(project, run.number, tags)
  if (tags.length > 0) touch('run', id)
}

/** Removes a tag. Throws `not_found` when the run has none of that key. */
export function removeRunTag(project: ProjectContext, id: string, key: string, touch: Touch): void {
  const run = activeRun(project, id)
  const mirror = MIRRORED_TAGS.get(key)
  const had =
    mirror === undefined || (mirror === 'user' && isUntold(run.user))
      ? project.db.run('DELETE FROM tag WHERE run = ? AND key = ?', run.number, key).changes > 0
      : clearMirrored(project, run, mirror, touch)
  if (!had) throw appError('not_found', `No tag with name: ${key} in run with id ${id}.`)
  touch('run', id)
}

function clearMirrored(project: ProjectContext, run: RunRecord, mirror: MirroredTag, touch: Touch): boolean {
  if (mirror === 'name') return true
  if (run[mirror] === null || run[mirror] === '') return false
  changeRun(project, run.id, mirror === 'note' ? { note: '' } : { [mirror]: null }, touch)
  return true
}

function mirroredOf(tags: readonly Tag[]): { name?: string; user?: string; note?: string; parent?: string } {
  const found: { name?: string; user?: string; note?: string; parent?: string } = {}
  for (const { key, value } of tags) {
    const mirror = MIRRORED_TAGS.get(key)
    if (mirror !== undefined) found[mirror] = value
  }
  return found
}

/** Writes tags that no column mirrors. `run` is its number. */
export function putTags(project: ProjectContext, run: number, tags: readonly Tag[]): void {
  for (const tag of tags) putTag(project, run, tag)
  const script = scriptOf(project, tags)
  if (script !== null) project.db.run('UPDATE run SET script = ? WHERE number = ? AND script IS NULL', script, run)
}

function putTag({ db }: ProjectContext, run: number, { key, value }: Tag): void {
  if (isMirrored({ key, value })) return
  db.run(
    'INSERT INTO tag (run, key, value) VALUES (?, ?, ?) ON CONFLICT (run, key) DO UPDATE SET value = excluded.value',
    run,
    key,
    value,
  )
}

/** A client of its own says only so which script it is; that is how its previous run is found. */
function scriptOf(project: ProjectContext, tags: readonly Tag[]): string | null {
  const name = tags.find(({ key }) => key === 'mlflow.source.name')
  return name === undefined ? null : scriptIn(project, name.value)
}

function scriptIn(project: ProjectContext, path: string): string {
  if (!isAbsolute(path)) return path
  const inside = relative(project.folder, path)
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join('/')
}
