import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ImportedSource } from '#shared/contract/imports.ts'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import { readJsonFile, readOrSetAside, writeJsonFile } from '#electron/platform/json-file.ts'
import { findSource, listSources, setMissing, type SourceRow } from '../queries.ts'
import { bringsSomething, type ImportService, type Taken } from '../service.ts'
import type { StoreChanges } from './changes.ts'
import { type Pace, PACE, type Round, type WatchedSource, type WatchOptions, watchSource } from './watched-source.ts'

/** Follows the watched sources of all open projects, and notices when referenced ones vanish. */
export type Watching = {
  readonly start: () => void
  /** Looks again at what a project watches. */
  readonly consider: (project: ProjectContext) => void
  /** Is told of an import that somebody asked for. */
  readonly taken: Taken
  /** When a source that failed is tried again. */
  readonly retryOf: (project: ProjectContext, source: number) => ImportedSource['retry']
  readonly close: () => Promise<void>
}

export type WatchingOptions = {
  readonly projects: Pick<Projects, 'open' | 'require' | 'onClose'>
  readonly service: ImportService
  /** Where it is kept which projects watch something, so that a restart takes it up. */
  readonly dataFolder: string
  /** All projects, open or not. */
  readonly known: () => readonly string[]
  readonly pace: Pace | undefined
  readonly tell: WatchOptions['tell']
  /** Called now and then. */
  readonly tidy: () => void
}

const Pointers = z.array(z.string())
/** How often projects that were opened meanwhile are looked for, and referenced folders, milliseconds. */
const ADOPT_EVERY = 5_000

export function createWatching(options: WatchingOptions): Watching {
  const { projects, service } = options
  const pace = options.pace ?? PACE
  const file = join(options.dataFolder, 'watched-imports.json')
  const watched = new Map<ProjectContext, Map<number, WatchedSource>>()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const consider = (project: ProjectContext): void => {
    // An import that is cut short by the closing, of all or of its project, ends after it.
    if (project.readOnly || closed || !projects.open().includes(project)) return
    const sources = listSources(project.db).filter((row) => row.watched === 1)
    const known = watched.get(project) ?? new Map<number, WatchedSource>()
    watched.set(project, known)
    for (const [id, source] of known) {
      if (sources.some((row) => row.id === id)) continue
      known.delete(id)
      void source.stop()
    }
    for (const row of sources) if (!known.has(row.id)) known.set(row.id, follow(project, row))
    remember()
  }
  const follow = (project: ProjectContext, { id, kind, location }: SourceRow): WatchedSource =>
    watchSource({
      kind,
      location,
      log: project.log,
      pace,
      tell: options.tell,
      round: (changes) => takeRound(project, id, changes),
      onMissing: (missing) => markMissing(project, id, missing),
      onRetry: () => tell(project, id),
    })
  const tell = (project: ProjectContext, id: number): void =>
    project.changed({ project: project.id, entity: 'import', ids: [String(id)] })
  const takeRound = async (project: ProjectContext, id: number, changes: StoreChanges | undefined): Promise<Round> => {
    const row = findSource(project.db, id)
    if (row === undefined || row.watched === 0 || row.forgotten === 1) return { changed: false, ok: true }
    const report = await service.round(project, row, changes)
    return { changed: report !== undefined && bringsSomething(report), ok: report?.outcome === 'done' }
  }
  const markMissing = async (project: ProjectContext, id: number, missing: boolean): Promise<void> => {
    const since = findSource(project.db, id)?.missingSince ?? null
    if ((since !== null) === missing) return
    await project.commits.enqueue(() => setMissing(project.db, id, missing ? project.clock.now() : null))
    tell(project, id)
  }

  /** Watched ones are looked at by themselves. */
  const lookAtReferenced = async (project: ProjectContext): Promise<void> => {
    for (const { id, kind, location, referenced } of listSources(project.db)) {
      if (kind === 'mlflow-server' || referenced === 0 || watched.get(project)?.has(id) === true) continue
      const missing = (await stat(location).catch(() => undefined)) === undefined
      await markMissing(project, id, missing)
    }
  }
  const remember = (): void => {
    const open = new Set([...watched].flatMap(([{ id }, sources]) => (sources.size > 0 ? [id] : [])))
    const before = readJsonFile(file, Pointers) ?? []
    // Those of projects that are not open are not ours to judge.
    const closed = before.filter((id) => ![...watched.keys()].some((project) => project.id === id))
    const now = [...new Set([...closed, ...open])].toSorted()
    if (JSON.stringify(now) !== JSON.stringify(before)) writeJsonFile(file, now)
  }
  /** Projects that follow something. Where it can't be read which, each is asked. */
  const followers = (): readonly string[] => {
    const isThere = existsSync(file)
    return readOrSetAside(file, Pointers) ?? (isThere ? options.known() : [])
  }
  const letGo = (project: ProjectContext): void => {
    for (const source of watched.get(project)?.values() ?? []) void source.stop()
    watched.delete(project)
  }
  const looking = new Set<ProjectContext>()
  const adopt = (): void => {
    options.tidy()
    for (const project of projects.open()) {
      if (!watched.has(project)) consider(project)
      // A network disk that is gone answers after minutes or never; more questions would only take the threads that all others need.
      if (looking.has(project)) continue
      looking.add(project)
      lookAtReferenced(project)
        .catch((error: unknown) =>
          project.log.warn('referenced folders could not be looked at', { project: project.id, error }),
        )
        .finally(() => looking.delete(project))
    }
  }

  projects.onClose(letGo)
  return {
    start() {
      for (const id of followers()) {
        try {
          projects.require(id)
        } catch {
          // Its folder is not there now; it is watched again when somebody opens it.
        }
      }
      adopt()
      timer = setInterval(adopt, ADOPT_EVERY)
      timer.unref()
    },
    consider,
    taken(project, source, { outcome }) {
      consider(project)
      if (outcome === 'done') watched.get(project)?.get(source)?.wentWell()
    },
    retryOf(project, source) {
      const retry = watched.get(project)?.get(source)?.retry()
      return retry === undefined ? null : { at: project.clock.now() + retry.inMs, failures: retry.failures }
    },
    async close() {
      closed = true
      clearInterval(timer)
      const all = [...watched.values()].flatMap((sources) => [...sources.values()])
      watched.clear()
      await Promise.all(all.map((source) => source.stop()))
    },
  }
}
