import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '#shared/rpc/errors.ts'
import { takeLock } from '#electron/backend/lock.ts'
import { createOpenProjects } from '#electron/features/projects/index.ts'
import { createRuns } from '#electron/features/runs/index.ts'
import { systemClock } from '#electron/platform/clock.ts'
import { dataFolder } from '#electron/platform/data-folder.ts'
import { randomIds } from '#electron/platform/ids.ts'
import { silentLog } from '#electron/platform/log.ts'

export type DemoOptions = {
  readonly folder: string
  readonly dataFolder: string
  readonly runs: number
  /** Points of each curve. */
  readonly points: number
  readonly onProgress?: (runs: number) => void
}

const PARAMS = 20
const METRICS = 20
/** Runs written in one transaction. */
const AT_ONCE = 200

/**
 * Fills a project with runs of 20 parameters and 20 metrics, through the services that clients use. The values follow a small
 * invented study, so that filters, groups and charts have something to show; each run's numbers follow from its own.
 */
export async function makeDemoData(options: DemoOptions): Promise<string> {
  // A backend that has the project open would not know of what is written behind its back.
  const lock = takeLock(options.dataFolder)
  try {
    return await fillProject(options)
  } finally {
    lock.release()
  }
}

async function fillProject(options: DemoOptions): Promise<string> {
  mkdirSync(options.folder, { recursive: true })
  const projects = createOpenProjects({
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
    dataFolder: options.dataFolder,
    changed: () => {},
  })
  const runs = createRuns({ projects })
  const project = projects.openFolder(options.folder, true)
  const begun = Date.now() - options.runs * 60_000
  for (let first = 0; first < options.runs; first += AT_ONCE) {
    const last = Math.min(options.runs, first + AT_ONCE)
    const made = await runs.service.write(project, (writes) =>
      Array.from({ length: last - first }, (_, offset) => {
        const index = first + offset
        const run = writes.createRun({
          source: 'client',
          status: 'finished',
          startedAt: begun + index * 60_000,
          endedAt: begun + index * 60_000 + 30_000 + (index % 17) * 1_000,
          script: index % 3 === 0 ? 'train.py' : 'finetune.py',
          tags: [{ key: 'team', value: ['vision', 'text', 'tabular'][index % 3] ?? '' }],
        })
        writes.logParams(run.id, paramsOf(index), 'logged', null)
        return run
      }),
    )
    await Promise.all(
      made.map((run, offset) =>
        runs.service.logMetrics(project, run.id, curvesOf(first + offset, options.points, begun)),
      ),
    )
    options.onProgress?.(last)
  }
  await project.metrics.compactNow()
  await projects.closeAll()
  return project.id
}

function paramsOf(index: number): readonly { readonly key: string; readonly value: string }[] {
  const rates = ['0.1', '0.03', '0.01', '0.003', '0.001']
  return [
    { key: 'seed', value: String(index % 5) },
    { key: 'lr', value: rates[Math.floor(index / 5) % rates.length] ?? '0.1' },
    { key: 'optimizer', value: ['adam', 'sgd', 'lion'][Math.floor(index / 25) % 3] ?? '' },
    ...Array.from({ length: PARAMS - 3 }, (_, param) => ({
      key: `model.p${param}`,
      value: String(Math.floor(index / (5 * (param + 1))) % (param + 2)),
    })),
  ]
}

function curvesOf(
  index: number,
  points: number,
  begun: number,
): { key: string; value: number; time: number; step: number }[] {
  const quality = Math.sin(index * 12.9898) * 0.5 + 0.5
  return Array.from({ length: METRICS }, (_, metric) => {
    const key = metric === 0 ? 'val_loss' : metric === 1 ? 'val_acc' : `train/m${metric}`
    return Array.from({ length: points }, (__, step) => {
      const fall = Math.exp(-step / (points / (2 + quality)))
      const noise = Math.sin(index * 7 + step * 3 + metric) * 0.01
      return {
        key,
        value: Math.fround(metric === 1 ? 1 - fall * 0.6 + noise : fall + noise + metric / 10),
        time: begun + index * 60_000 + step * 1_000,
        step,
      }
    })
  }).flat()
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { runs: { type: 'string' }, folder: { type: 'string' }, points: { type: 'string' } },
  })
  const folder = resolve(values.folder ?? join('test-results', 'demo'))
  const runs = Number(values.runs ?? 10_000)
  const onProgress = (done: number): void =>
    void process.stdout.write(
      `\r${done.toLocaleString('en')} of ${runs.toLocaleString('en')} runs${done === runs ? '\n' : ''}`,
    )
  try {
    const id = await makeDemoData({
      folder,
      dataFolder: dataFolder(),
      runs,
      points: Number(values.points ?? 20),
      ...(process.stdout.isTTY ? { onProgress } : {}),
    })
    console.log(`${folder} is the project ${id}. Open it: npm start -- --project ${folder}`)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    console.error(`${error.message} Stop it first: npx benchtop backend stop`)
    process.exitCode = 1
  }
}
