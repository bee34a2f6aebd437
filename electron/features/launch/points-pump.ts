import type { LogProgress } from '#shared/domain/log-metrics/state.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { WorkFolder } from '#electron/shim/work-folder.ts'
import { keyUnder, type LogRule } from './log-rule.ts'
import { createMetricReader, type MetricReader, type TimedPoint } from './log/read-metrics.ts'
import { readSamples } from './log/read-samples.ts'
import { readReaderState, type ReaderState, writeReaderState } from './log/reader-state.ts'
import { changeLaunch } from './queries.ts'
import { writePoints } from './write-points.ts'

export type PumpOptions = {
  readonly project: ProjectContext
  readonly launch: string
  /** The run's number. */
  readonly run: number
  readonly runId: string
  readonly work: WorkFolder
  /** As stored with the launch. */
  readonly state: string | null
  readonly rule: () => LogRule
  readonly fromLog: () => boolean
}

/** Moves what a launch's files say into the metric store. */
export type Pump = {
  /** Reads one portion; false when more is there. `ended`: nothing more will be written. Rejects when it could not be stored; the next call tries it again. */
  readonly pump: (ended: boolean) => Promise<boolean>
  readonly progress: () => LogProgress | null
}

/**
 * Points and how far the files were read are written in one transaction: whoever is killed when, each line and sample counts once. A key that the script
 * logs itself is not read from its log, and what had been read of it goes.
 */
export function createPump(options: PumpOptions): Pump {
  const { project, run, work } = options
  let state = readReaderState(options.state)
  let reader: MetricReader | undefined
  let progress: LogProgress | null = null

  const fromLog = new Set(project.metrics.list(run).flatMap(({ key, origin }) => (origin === 'log' ? [key] : [])))
  let lookedAt = 0

  /** Keys that the script logs itself by now: its own series are the true ones. */
  const superseded = (): readonly string[] => {
    if (Date.now() - lookedAt < LOOK_EVERY) return []
    lookedAt = Date.now()
    return [...fromLog].filter((key) => project.metrics.find(run, key, 'logged') !== undefined)
  }

  const drop = (keys: readonly string[]): void => {
    for (const key of keys) {
      const id = project.metrics.find(run, key, 'log')
      if (id !== undefined) project.metrics.deleteSeries(id)
      fromLog.delete(key)
    }
  }

  const accepted = (points: readonly TimedPoint[]): readonly TimedPoint[] => {
    const rule = options.rule()
    return points.flatMap((point) => {
      const key = keyUnder(rule, point.key)
      return key === undefined || project.metrics.find(run, key, 'logged') !== undefined ? [] : [{ ...point, key }]
    })
  }

  return {
    async pump(ended) {
      const reads = options.fromLog() && options.rule().enabled
      if (reads) reader ??= createMetricReader(work, state)
      const [log, samples] = await Promise.all([
        reads ? reader?.read(ended) : undefined,
        readSamples(work.samples, state.samples),
      ])
      progress = log?.progress ?? progress
      const next: ReaderState = { ...state, ...log?.state, samples: samples.state }
      const old = superseded()
      const isNew = next.out !== state.out || next.err !== state.err || samples.state !== state.samples
      if (!isNew && old.length === 0) return true
      const points = accepted(log?.points ?? [])
      try {
        await project.commits.enqueue(() => {
          drop(old)
          writePoints(project, run, points, 'log')
          writePoints(project, run, samples.points, 'system')
          changeLaunch(project.db, options.launch, { logState: writeReaderState(next) })
        })
      } catch (error) {
        // What was read and not stored is read again.
        reader = undefined
        throw error
      }
      state = next
      for (const { key } of points) fromLog.add(key)
      if (points.length + samples.points.length + old.length > 0)
        project.changed({ project: project.id, entity: 'metric', ids: [options.runId] })
      return log?.caughtUp ?? true
    },
    progress: () => progress,
  }
}

/** Milliseconds between two looks for keys that the script logs itself. */
const LOOK_EVERY = 500
