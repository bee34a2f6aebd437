import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { maskArguments } from '#shared/domain/secrets/mask-values.ts'
import { AppError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { NewRun, RunRecord } from '#electron/features/runs/index.ts'
import { claimIn } from '../claim.ts'
import type { LaunchDeps } from '../deps.ts'
import { openPointers } from '../pointers.ts'
import { writerState } from './process.ts'
import { setTaken, takenOf } from './queries.ts'
import { openSpoolFile, type SpoolFile } from './read-file.ts'
import type { SpoolInit, SpoolRecord } from './records.ts'
import { placeArtifacts, spoolEnding, type SpoolTarget, writeRecords } from './write-records.ts'

export type SpoolReader = {
  /** Takes in all that is there, and looks now and then from now on. */
  readonly start: () => Promise<void>
  /** Reads what is there now; resolves when it is stored. */
  readonly poke: () => Promise<void>
  /** Runs whose writer lives. */
  readonly live: () => number
  readonly close: () => void
}

export type SpoolHooks = {
  /** The project of a launch. */
  readonly projectOfLaunch: (launch: string) => ProjectContext | undefined
  /** True for a run whose process is a launched one: its exit decides the status. `said` is the script's own word. */
  readonly endsWithProcess: (project: ProjectContext, run: string, said: 'finished' | 'failed' | 'killed') => boolean
  /** A run of a script that nobody launched: what is around its process is captured. */
  readonly onNewRun: (project: ProjectContext, run: RunRecord, init: SpoolInit) => void
}

/** Milliseconds between two looks, should a poke get lost. */
const EVERY = 1_500
const RECORDS_A_WRITE = 2_000
/** A file that could not be taken in (its project is gone, its run in the trash) is tried again after this long, milliseconds. */
const AGAIN = 30_000
/** The format that we read. */
const FORMAT = 1

type Open = {
  readonly id: string
  readonly file: SpoolFile
  init: SpoolInit | undefined
  target: SpoolTarget | undefined
  sequence: number
  over: boolean
}

/**
 * Takes in the runs that `benchtop.py` wrote to the spool of the data folder, each record once: how far a file was taken is stored in the transaction of
 * the records. See resources/python/SPOOL.md.
 */
export function createSpoolReader(deps: LaunchDeps, hooks: SpoolHooks): SpoolReader {
  const { dataFolder, log, clock } = deps.surroundings
  const folder = join(dataFolder, 'spool')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Which project took a file is decided once: a project that is opened later must not take it again.
  const pointers = openPointers(join(dataFolder, 'spool-projects'))
  const open = new Map<string, Open>()
  const refused = new Map<string, number>()
  let working: Promise<void> | undefined
  let again = false
  let closed = false

  const look = async (): Promise<void> => {
    for (const name of spoolNames(folder)) {
      if (closed) return
      const id = name.slice(0, -'.jsonl'.length)
      if ((refused.get(id) ?? 0) > Date.now()) continue
      const entry = open.get(id) ?? newEntry(join(folder, name), id)
      open.set(id, entry)
      try {
        await takeAll(entry)
      } catch (error) {
        // Read again, later, from where it is stored.
        open.delete(id)
        refused.set(id, Date.now() + AGAIN)
        log.error('a spooled run could not be taken in', { run: id, error })
      }
    }
  }

  const poke = (): Promise<void> => {
    again = true
    working ??= (async () => {
      while (again && !closed) {
        again = false
        await look()
      }
    })().finally(() => (working = undefined))
    return working
  }
  let timer: NodeJS.Timeout | undefined
  return {
    start() {
      timer = setInterval(() => void poke(), EVERY)
      timer.unref()
      return poke()
    },
    poke,
    live: () =>
      [...open.values()].filter(
        ({ init, over }) => !over && init !== undefined && writerState(init.process) === 'alive',
      ).length,
    close() {
      closed = true
      clearInterval(timer)
    },
  }

  async function takeAll(entry: Open): Promise<void> {
    // Asked before reading: what is read after the process's end is all that there will be.
    const state = entry.init === undefined ? 'unknown' : writerState(entry.init.process)
    for (let more = true; more && !entry.over;) {
      const portion = await entry.file.next()
      more = portion.more
      for (let at = 0; at < portion.records.length && !entry.over; at += RECORDS_A_WRITE)
        await take(entry, portion.records.slice(at, at + RECORDS_A_WRITE))
    }
    if (state === 'gone' && !entry.over) await closeRun(entry, undefined)
    if (entry.over) forget(entry)
  }

  async function take(entry: Open, given: readonly SpoolRecord[]): Promise<void> {
    for (const record of given) if (record.kind === 'init' && record.run === entry.id) entry.init ??= record
    const { init } = entry
    // Without its first record nothing is known of where a run belongs.
    if (init === undefined) return
    if (init.format > FORMAT) {
      refused.set(entry.id, Infinity)
      log.warn('a spooled run is of a newer format', { run: entry.id, format: init.format })
      return
    }
    entry.target ??= await begin(entry, init)
    if (entry.over || entry.target === undefined) return
    const { target } = entry
    const records = given.filter(({ run, seq }) => run === entry.id && seq > entry.sequence)
    if (records.length === 0) return
    const lost = await placeArtifacts(target, join(folder, entry.id), records)
    if (lost.length > 0) log.warn('artifacts of a spooled run were not there', { run: entry.id, lost })
    const sequence = records.at(-1)?.seq ?? entry.sequence
    await deps.runs.write(target.project, (writes) => {
      writeRecords(writes, target, records)
      setTaken(target.project.db, entry.id, { run: target.run.id, sequence, finished: false })
    })
    entry.sequence = sequence
    tell(target, records)
    const finish = records.find((record) => record.kind === 'finish')
    if (finish !== undefined) await closeRun(entry, finish)
  }

  /** Finds the run that an earlier backend made of the file, or makes it. */
  async function begin(entry: Open, init: SpoolInit): Promise<SpoolTarget | undefined> {
    const project = projectOf(entry.id, init)
    const taken = takenOf(project.db, entry.id)
    if (taken !== undefined) {
      entry.sequence = taken.sequence
      const run = deps.runs.findRun(project, taken.run)
      entry.over = taken.finished || run === undefined
      return run === undefined ? undefined : { project, run }
    }
    pointers.put(entry.id, { project: project.id })
    const run = await deps.runs.write(project, (writes) => {
      const asked = askedRun(init, entry.id)
      const experiment = init.experiment === null ? {} : { experiment: writes.ensureExperiment(init.experiment).id }
      const made =
        init.launch === null
          ? writes.createRun({ ...asked, ...experiment })
          : claimIn(writes, deps.runs, project, init.launch, { ...asked, ...experiment }, { late: true })
      setTaken(project.db, entry.id, { run: made.id, sequence: -1, finished: false })
      return made
    })
    if (init.launch === null) hooks.onNewRun(project, run, init)
    return { project, run }
  }

  function projectOf(id: string, init: SpoolInit): ProjectContext {
    const known = pointers.find(id)
    if (known !== undefined) return deps.projects.require(known.project)
    const launched = init.launch === null ? undefined : hooks.projectOfLaunch(init.launch)
    if (launched !== undefined) return launched
    const { selector, folder: place } = init.project ?? { selector: null, folder: null }
    return (
      (selector === null ? undefined : named(selector)) ??
      (place === null ? undefined : deps.projects.ofPath(place)) ??
      deps.projects.inbox()
    )
  }

  function named(selector: string): ProjectContext | undefined {
    try {
      return deps.projects.require(selector)
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return undefined
      throw error
    }
  }

  async function closeRun(entry: Open, finish: Extract<SpoolRecord, { kind: 'finish' }> | undefined): Promise<void> {
    const { target } = entry
    if (target === undefined) return
    const { project, run } = target
    const said = finish?.status ?? 'killed'
    const ending =
      finish === undefined
        ? {
            status: 'killed' as const,
            endedAt: clock.now(),
            ending: 'Its process ended without a word: it was killed, or the machine stopped.',
          }
        : { status: said, endedAt: finish.time, ending: spoolEnding(finish) }
    await deps.runs.write(project, (writes) => {
      const isOpen = ['running', 'stopping', 'queued'].includes(deps.runs.findRun(project, run.id)?.status ?? '')
      if (isOpen && !hooks.endsWithProcess(project, run.id, said)) writes.updateRun(run.id, ending)
      setTaken(project.db, entry.id, { run: run.id, sequence: entry.sequence, finished: true })
    })
    entry.over = true
  }

  /** Everything is stored: the spool's own copy holds what was not masked, and goes. */
  function forget(entry: Open): void {
    open.delete(entry.id)
    rmSync(join(folder, `${entry.id}.jsonl`), { force: true })
    rmSync(join(folder, entry.id), { recursive: true, force: true })
    pointers.remove(entry.id)
  }

  function tell({ project, run }: SpoolTarget, records: readonly SpoolRecord[]): void {
    const has = (kind: SpoolRecord['kind']): boolean => records.some((record) => record.kind === kind)
    if (has('metrics')) project.changed({ project: project.id, entity: 'metric', ids: [run.id] })
    if (has('artifact')) project.changed({ project: project.id, entity: 'artifact', ids: [run.id] })
  }
}

function newEntry(path: string, id: string): Open {
  return { id, file: openSpoolFile(path), init: undefined, target: undefined, sequence: -1, over: false }
}

function spoolNames(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^[0-9a-f]{32}\.jsonl$/.test(name)) : []
}

function askedRun(init: SpoolInit, id: string): NewRun {
  const command = init.argv === null ? null : maskArguments(['python', ...init.argv])
  return {
    // A launched run keeps its own id; a child, and a run of its own, has the one that the script knows.
    id,
    source: 'spool',
    startedAt: init.time,
    command,
    script: init.script ?? init.notebook,
    folder: init.cwd,
    ...(init.name === null || init.name.trim() === '' ? {} : { name: init.name.trim() }),
  }
}
