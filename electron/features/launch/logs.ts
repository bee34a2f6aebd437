import { existsSync } from 'node:fs'
import type { LogLine } from '#shared/contract/launch.ts'
import { maskText } from '#shared/domain/secrets/mask-text.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { workFolder } from '#electron/shim/work-folder.ts'
import { type LogFile, openLog } from './log/log-file.ts'
import { renderLine } from './log/render-line.ts'
import { findLaunch, type LaunchRecord, launchesOfRun } from './queries.ts'

export type LogPage = {
  readonly lines: readonly LogLine[]
  readonly total: number
  readonly ranks: readonly number[]
  readonly bytes: number
}

/** The log of a run: of all its attempts, one after the other. Secrets are masked in what is shown. */
export type RunLog = {
  /** Takes up what was written since; true when there was anything. */
  readonly refresh: () => Promise<boolean>
  readonly total: () => number
  readonly bytes: () => number
  readonly ranks: () => readonly number[]
  /** Lines from a number on. */
  readonly read: (from: number, limit: number) => Promise<readonly LogLine[]>
  /** Lines of one rank from the place `from` among them; each keeps its number. */
  readonly readRank: (
    rank: number,
    from: number,
    limit: number,
  ) => Promise<{ readonly lines: readonly LogLine[]; readonly total: number }>
  /** Numbers of lines that may still grow. */
  readonly open: () => readonly number[]
}

export type Logs = {
  readonly of: (project: ProjectContext, run: string) => RunLog
  readonly forget: (project: ProjectContext) => void
}

/** Logs whose index is kept in memory. */
const KEPT = 24

/** Opens the logs of runs, and keeps the index of those that were read last. */
export function createLogs(): Logs {
  const opened = new Map<string, { readonly project: ProjectContext; readonly file: LogFile }>()
  const fileOf = (project: ProjectContext, { id, workFolder: folder }: LaunchRecord): LogFile => {
    const key = `${project.id}/${id}`
    const known = opened.get(key)
    const file = known?.file ?? openLog(workFolder(folder), () => hasEnded(project, id))
    opened.delete(key)
    opened.set(key, { project, file })
    if (opened.size > KEPT) for (const oldest of opened.keys()) if (opened.delete(oldest)) break
    return file
  }
  return {
    of: (project, run) => runLog(launchesOfRun(project, run).map((launch) => fileOf(project, launch))),
    forget(project) {
      for (const [key, entry] of opened) if (entry.project === project) opened.delete(key)
    },
  }
}

/** True when nothing will be added to the notes of a log: the exit file is written after the last of them. */
function hasEnded(project: ProjectContext, id: string): boolean {
  const launch = findLaunch(project, id)
  return launch === undefined || launch.state === 'ended' || existsSync(workFolder(launch.workFolder).exit)
}

function runLog(files: readonly LogFile[]): RunLog {
  /** The number of a file's first line. */
  const firstOf = (index: number): number => files.slice(0, index).reduce((sum, file) => sum + file.lines(), 0)
  const read = async (from: number, limit: number): Promise<readonly LogLine[]> => {
    const lines: LogLine[] = []
    for (const [index, file] of files.entries()) {
      const first = firstOf(index)
      const at = Math.max(0, from - first)
      const wanted = Math.min(limit - lines.length, file.lines() - at)
      if (wanted <= 0) continue
      const raw = await file.read(at, wanted)
      lines.push(...raw.map((line) => renderLine({ ...line, number: first + line.number }, maskText)))
    }
    return lines
  }
  return {
    async refresh() {
      const news = await Promise.all(files.map((file) => file.refresh()))
      return news.some(Boolean)
    },
    total: () => firstOf(files.length),
    bytes: () => files.reduce((sum, file) => sum + file.bytes(), 0),
    ranks: () => [...new Set(files.flatMap((file) => file.ranks()))].toSorted((a, b) => a - b),
    read,
    async readRank(rank, from, limit) {
      const numbers = files.flatMap((file, index) => Array.from(file.ofRank(rank), (line) => firstOf(index) + line))
      const wanted = numbers.slice(from, from + limit)
      const lines: LogLine[] = []
      // Neighbours are read in one go.
      for (let at = 0; at < wanted.length;) {
        let end = at + 1
        while (wanted[end] === (wanted[end - 1] ?? 0) + 1) end++
        lines.push(...(await read(wanted[at] ?? 0, end - at)))
        at = end
      }
      return { lines, total: numbers.length }
    },
    open: () => files.flatMap((file, index) => file.open().map((line) => firstOf(index) + line)),
  }
}

const SEARCH_PORTION = 2_000

/** Numbers of the lines that hold a text as it is shown, case ignored; at most `limit`. */
export async function searchLog(
  log: RunLog,
  text: string,
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly lines: readonly number[]; readonly truncated: boolean }> {
  await log.refresh()
  const wanted = text.toLowerCase()
  const found: number[] = []
  for (let from = 0; from < log.total(); from += SEARCH_PORTION) {
    signal.throwIfAborted()
    for (const line of await log.read(from, SEARCH_PORTION)) {
      if (!line.text.toLowerCase().includes(wanted)) continue
      if (found.length >= limit) return { lines: found, truncated: true }
      found.push(line.number)
    }
  }
  return { lines: found, truncated: false }
}

/** Lines in one event; a page that lags asks for what it missed by `log`. */
const LINES_AN_EVENT = 2_000
const EVERY = 100

/** New and changed lines from a number on, ten times a second at most. When more came than fit, the last of them; `total` says how many there are. */
export async function* followLog(
  log: () => RunLog,
  from: number,
  signal: AbortSignal,
): AsyncIterable<{ readonly lines: readonly LogLine[]; readonly total: number }> {
  let next = from
  let growing: readonly number[] = []
  let isFirst = true
  while (!signal.aborted) {
    const current = log()
    const isNew = await current.refresh()
    if (isNew || isFirst) {
      const total = current.total()
      const grown = growing.filter((line) => line >= from && line < next)
      const changed = await Promise.all(grown.map((line) => current.read(line, 1)))
      const start = Math.max(next, total - LINES_AN_EVENT)
      const fresh = start < total ? await current.read(start, total - start) : []
      growing = current.open()
      next = Math.max(next, total)
      isFirst = false
      yield { lines: [...changed.flat(), ...fresh], total }
    }
    await pause(signal)
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, EVERY)
    signal.addEventListener('abort', done, { once: true })
  })
}
