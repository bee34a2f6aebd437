import { isAbsolute, join, relative } from 'node:path'
import { LaunchSpec } from '#shared/contract/launch.ts'
import type { ReadDb, WriteDb } from '#electron/db/connection.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'

export type LaunchState = 'queued' | 'starting' | 'running' | 'stopping' | 'ended'

/** One start of a command: the first attempt of its run, or a later one. Times are milliseconds since 1970. */
export type LaunchRecord = {
  readonly id: string
  readonly run: string
  readonly attempt: number
  /** As it was asked for, secrets masked. */
  readonly spec: LaunchSpec
  readonly state: LaunchState
  readonly terminal: boolean
  /** Absolute. */
  readonly workFolder: string
  /** The value of CUDA_VISIBLE_DEVICES that it was given. */
  readonly device: string | null
  readonly queuedAt: number
  /** Its place in the queue; -1 for one that was started at once. */
  readonly position: number
  readonly codeState: string | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly pid: number | null
  readonly pidStarted: string | null
  readonly shimPid: number | null
  readonly shimStarted: string | null
  readonly logState: string | null
  readonly claimed: boolean
}

type LaunchRow = {
  readonly id: string
  readonly run: string
  readonly attempt: number
  readonly spec: string
  readonly state: LaunchState
  readonly terminal: number
  readonly work_folder: string
  readonly device: string | null
  readonly queued_at: number
  readonly position: number
  readonly code_state: string | null
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly pid: number | null
  readonly pid_started: string | null
  readonly shim_pid: number | null
  readonly shim_started: string | null
  readonly log_state: string | null
  readonly claimed: number
}

/** The columns that change after the insertion, by the record's names. */
const COLUMNS = {
  state: 'state',
  device: 'device',
  position: 'position',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  pid: 'pid',
  pidStarted: 'pid_started',
  shimPid: 'shim_pid',
  shimStarted: 'shim_started',
  logState: 'log_state',
  codeState: 'code_state',
} as const

export type LaunchChange = Partial<Pick<LaunchRecord, keyof typeof COLUMNS>>

export type NewLaunch = Pick<
  LaunchRecord,
  'id' | 'run' | 'attempt' | 'spec' | 'state' | 'terminal' | 'workFolder' | 'queuedAt' | 'position' | 'logState'
>

type At = Pick<ProjectContext, 'db' | 'place'>

/** Writes a launch. Its folder is kept relative to the project's place, so that a project may be moved. */
export function insertLaunch(project: At, launch: NewLaunch): void {
  const inside = relative(project.place, launch.workFolder)
  project.db.run(
    `INSERT INTO launch (id, run, attempt, spec, state, terminal, work_folder, queued_at, position, log_state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    launch.id,
    launch.run,
    launch.attempt,
    JSON.stringify(launch.spec),
    launch.state,
    launch.terminal ? 1 : 0,
    inside.startsWith('..') || isAbsolute(inside) ? launch.workFolder : inside,
    Math.round(launch.queuedAt),
    launch.position,
    launch.logState,
  )
}

/** Sets what `change` names. */
export function changeLaunch(db: WriteDb, id: string, change: LaunchChange): void {
  const entries = Object.entries(change) as [keyof typeof COLUMNS, string | number | null][]
  if (entries.length === 0) return
  db.run(
    `UPDATE launch SET ${entries.map(([key]) => `${COLUMNS[key]} = ?`).join(', ')} WHERE id = ?`,
    ...entries.map(([key, value]) => (key.endsWith('At') && typeof value === 'number' ? Math.round(value) : value)),
    id,
  )
}

/** Takes the launched run for a client; false when another had it before. */
export function claimLaunch(db: WriteDb, id: string): boolean {
  return db.run('UPDATE launch SET claimed = 1 WHERE id = ? AND claimed = 0', id).changes > 0
}

export function findLaunch(project: At, id: string): LaunchRecord | undefined {
  const row = project.db.get<LaunchRow>('SELECT * FROM launch WHERE id = ?', id)
  return row === undefined ? undefined : recordOf(project, row)
}

/** The attempts of a run, the first one first. */
export function launchesOfRun(project: At, run: string): readonly LaunchRecord[] {
  return project.db
    .all<LaunchRow>('SELECT * FROM launch WHERE run = ? ORDER BY attempt', run)
    .map((row) => recordOf(project, row))
}

/** All that has not ended. */
export function liveLaunches(project: At): readonly LaunchRecord[] {
  return project.db
    .all<LaunchRow>(`SELECT * FROM launch WHERE state <> 'ended' ORDER BY queued_at`)
    .map((row) => recordOf(project, row))
}

/** Specs launched before, newest first, each once. */
export function recentSpecs(db: ReadDb, limit: number): readonly LaunchSpec[] {
  return db
    .all<{ readonly spec: string }>(
      'SELECT spec FROM launch GROUP BY spec ORDER BY max(queued_at) DESC, max(id) DESC LIMIT ?',
      limit,
    )
    .flatMap(({ spec }) => parseSpec(spec) ?? [])
}

/** The newest launches of a script. */
export function launchesOfScript(project: At, script: string, limit: number): readonly LaunchRecord[] {
  return project.db
    .all<LaunchRow>(
      `SELECT launch.* FROM launch JOIN run ON run.id = launch.run WHERE run.script = ? ORDER BY launch.queued_at DESC LIMIT ?`,
      script,
      limit,
    )
    .map((row) => recordOf(project, row))
}

export function logRuleText(db: ReadDb, script: string): string | undefined {
  return db.value<string>('SELECT value FROM log_rule WHERE script = ?', script)
}

export function putLogRule(db: WriteDb, script: string, value: string): void {
  db.run(
    'INSERT INTO log_rule (script, value) VALUES (?, ?) ON CONFLICT (script) DO UPDATE SET value = excluded.value',
    script,
    value,
  )
}

function recordOf(project: At, row: LaunchRow): LaunchRecord {
  return {
    id: row.id,
    run: row.run,
    attempt: row.attempt,
    spec: parseSpec(row.spec) ?? LaunchSpec.parse({ command: ['unknown'] }),
    state: row.state,
    terminal: row.terminal === 1,
    workFolder: isAbsolute(row.work_folder) ? row.work_folder : join(project.place, row.work_folder),
    device: row.device,
    queuedAt: row.queued_at,
    position: row.position,
    codeState: row.code_state,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    pid: row.pid,
    pidStarted: row.pid_started,
    shimPid: row.shim_pid,
    shimStarted: row.shim_started,
    logState: row.log_state,
    claimed: row.claimed === 1,
  }
}

function parseSpec(text: string): LaunchSpec | undefined {
  try {
    const parsed = LaunchSpec.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
