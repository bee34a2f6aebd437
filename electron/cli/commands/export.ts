import { resolve } from 'node:path'
import type { ExportPlan, ExportReport } from '#shared/contract/exports.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { appError } from '#shared/rpc/app-error.ts'
import { type CliClient, connectCli, projectOf } from '../backend-client.ts'
import { findRun } from '../find-run.ts'

export type ExportOptions = {
  readonly target: string
  /** As a person names them; all by default. */
  readonly runs: readonly string[]
  readonly artifacts: boolean
  readonly dryRun: boolean
  readonly json: boolean
  readonly project?: string
}

/** `benchtop export --mlflow FOLDER [RUN...]`: the report, or with `--dry-run` the plan. How it goes is told on a terminal. */
export async function exportCommand(options: ExportOptions): Promise<string> {
  const cli = await connectCli()
  const project = await projectOf(cli, options.project, false)
  const runs: string[] = []
  for (const run of options.runs) runs.push(await findRun(cli, project, run))
  const wanted = {
    project,
    format: 'mlflow' as const,
    target: resolve(options.target),
    artifacts: options.artifacts,
    ...(runs.length === 0 ? {} : { runs }),
  }
  if (options.dryRun) {
    const plan = await cli.client.exports.plan(wanted)
    return options.json ? json(plan) : planText(wanted.target, plan)
  }
  const { job } = await cli.client.exports.start(wanted)
  const report = await followed(cli, project, job)
  return options.json ? json(report) : reportText(report)
}

/** Waits for the report. Ctrl-C cancels the export, and is answered once nothing of it is left. */
async function followed({ client, streams }: CliClient, project: string, job: string): Promise<ExportReport> {
  const cancel = (): void => void client.exports.cancel({ project, job })
  process.once('SIGINT', cancel)
  process.once('SIGTERM', cancel)
  const isTerminal = process.stderr.isTTY
  try {
    for await (const event of streams.exports.follow({ project, job })) {
      if (event.type === 'report') return event.report
      const { phase, done, total, bytes } = event
      if (isTerminal && total > 0)
        process.stderr.write(
          `\r\u001B[K${phase} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}${bytes === 0 ? '' : `, ${formatBytes(bytes)}`}`,
        )
    }
    throw appError('unavailable', 'The backend ended before the export did.')
  } finally {
    if (isTerminal) process.stderr.write('\r\u001B[K')
    process.off('SIGINT', cancel)
    process.off('SIGTERM', cancel)
  }
}

function planText(target: string, plan: ExportPlan): string {
  const free = plan.freeBytes === null ? '' : `, ${formatBytes(plan.freeBytes)} free`
  return [
    `${target}: ${contents(plan)}${free}`,
    ...plan.losses.map((loss) => `- ${loss}`),
    ...(plan.problem === null ? [] : ['', `It can't be written: ${plan.problem}`]),
    '',
  ].join('\n')
}

const NOTES = 20

function reportText(report: ExportReport): string {
  const { notes, target } = report
  const more = notes.length - NOTES
  return [
    `Wrote ${target}: ${contents(report)}`,
    ...notes.slice(0, NOTES).map(({ what, why }) => `- ${what}: ${why}`),
    ...(more > 0 ? [`- ${more.toLocaleString('en')} more notes: --json lists all.`] : []),
    `Open it with: mlflow server --backend-store-uri "sqlite:///${target}/mlflow.db"`,
    '',
  ].join('\n')
}

type Counts = Pick<
  ExportReport,
  'experiments' | 'runs' | 'points' | 'loggedModels' | 'registeredModels' | 'files' | 'bytes'
>

function contents({ experiments, runs, points, loggedModels, registeredModels, files, bytes }: Counts): string {
  const counted = (
    [
      [experiments, 'experiments'],
      [runs, 'runs'],
      [points, 'points'],
      [loggedModels, 'logged models'],
      [registeredModels, 'registered models'],
      [files, 'files'],
    ] as const
  ).flatMap(([count, word]) =>
    count === 0 ? [] : [`${count.toLocaleString('en')} ${count === 1 ? word.slice(0, -1) : word}`],
  )
  return `${counted.join(', ') || 'nothing'}${files === 0 ? '' : ` (${formatBytes(bytes)})`}`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
