import { formatDateTime, formatDuration, isoTime } from '#shared/lib/format-time.ts'
import { formatNumber } from '#shared/lib/format.ts'
import { isWide, joinWhole } from '#shared/lib/whole-number.ts'
import { AppError, appError } from '#shared/rpc/app-error.ts'
import type { RunDetail } from '#shared/contract/runs.ts'
import { connectCli, projectOf } from '../backend-client.ts'
import { findRun } from '../find-run.ts'
import { jsonText } from '../json-text.ts'
import { registeredText } from '../models-text.ts'
import { printTable, type TableStyle } from '../print-table.ts'

/** `benchtop show RUN`: everything known about a run. */
export async function showCommand(options: {
  readonly run: string
  readonly project?: string
  readonly style: TableStyle
}): Promise<string> {
  const cli = await connectCli()
  const project = await projectOf(cli, options.project, false)
  const id = await findRun(cli, project, options.run)
  const [run, registered] = await Promise.all([
    cli.client.runs.get({ project, run: id }),
    cli.client.models.ofRun({ project, run: id }),
  ])
  if (options.style === 'json') return jsonText({ ...run, registered })
  const rows = [
    ...rowsOf(run),
    ...registered.map(
      ({ name, version, aliases, stage }) =>
        ['Registered', `${name}/${version}`, registeredText(aliases, stage)] as const,
    ),
  ]
  if (options.style === 'csv')
    return printTable({ columns: [left('section'), left('key'), left('value')], rows }, 'csv')
  const sections = [...new Set(rows.map(([section]) => section))]
  return sections
    .map((section) => {
      const own = rows.flatMap(([of, key, value]) => (of === section ? [[`  ${key}`, value]] : []))
      return `${section}\n${printTable({ columns: [left(''), left('')], rows: own }, 'table', { headless: true, longest: LONGEST })}`
    })
    .join('\n')
}

/** Long enough for any path and most commands. */
const LONGEST = 400

/** `benchtop metrics RUN KEY`: every point of a series. */
export async function metricsCommand(options: {
  readonly run: string
  readonly key: string
  readonly project?: string
  readonly style: TableStyle
}): Promise<string> {
  const cli = await connectCli()
  const project = await projectOf(cli, options.project, false)
  const run = await findRun(cli, project, options.run)
  const { step, time, value, rest } = await cli.client.metrics
    .series({ project, run, key: options.key })
    .catch(async (error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
      const keys = (await cli.client.metrics.list({ project, run })).map(({ key }) => key)
      throw keys.length === 0 ? error : appError('not_found', error.message, { hint: `It has ${keys.join(', ')}.` })
    })
  const rows = Array.from(step, (at, index) => [
    whole(at, rest?.step[index]),
    isoTime(whole(time[index] ?? 0, rest?.time[index])),
    value[index] ?? Number.NaN,
  ])
  return printTable(
    { columns: [{ title: 'step', align: 'right' }, left('time'), { title: 'value', align: 'right' }], rows },
    options.style,
  )
}

/** A step or a time of 64 bits in all its digits. */
function whole(near: number, rest: number | undefined): number | bigint {
  return isWide(near) && Number.isFinite(near) ? joinWhole(near, rest ?? 0) : near
}

type Left = { readonly title: string; readonly align: 'left' }
const left = (title: string): Left => ({ title, align: 'left' })

function rowsOf(run: RunDetail): (readonly [section: string, key: string, value: string])[] {
  const now = Date.now()
  const facts: readonly (readonly [string, string | null])[] = [
    ['name', `${run.name} #${run.number}`],
    ['id', run.id],
    ['status', run.ending === null || run.status === 'finished' ? run.status : `${run.status}: ${run.ending}`],
    ['experiment', run.experiment.name],
    ['started', run.startedAt === null ? null : formatDateTime(run.startedAt, now)],
    ['took', run.startedAt === null || run.endedAt === null ? null : formatDuration(run.endedAt - run.startedAt)],
    ['command', run.command?.join(' ') ?? null],
    ['folder', run.folder],
    ['commit', run.git?.commit ?? null],
    ['branch', run.git?.branch ?? null],
    ['uncommitted', run.git === null ? null : `+${run.git.added} −${run.git.removed} in ${run.git.files} files`],
    [
      'python',
      run.python === null ? null : `${run.python.version}, ${Object.keys(run.python.packages).length} packages`,
    ],
    ['host', run.host?.hostname ?? null],
    ['artifacts', run.artifactFolder],
  ]
  return [
    ...facts.flatMap(([key, value]) => (value === null ? [] : [['Run', key, value] as const])),
    ...run.params.map(
      ({ key, value, origin }) => ['Parameters', key, origin === 'captured' ? `${value}  (captured)` : value] as const,
    ),
    ...run.metrics
      .filter(({ last }) => last !== null)
      .toSorted((a, b) => Number(a.origin === 'system') - Number(b.origin === 'system'))
      .map(
        ({ key, last, lastStep, count }) =>
          ['Metrics', key, `${formatNumber(last ?? Number.NaN)}  at ${lastStep ?? '–'}, ${count} points`] as const,
      ),
    ...run.tags.map(({ key, value }) => ['Tags', key, value] as const),
  ]
}
