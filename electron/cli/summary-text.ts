import type { Changed, RunDetail } from '#shared/contract/runs.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'
import { formatDuration } from '#shared/lib/format-time.ts'
import { chooseNumberFormat, formatDelta, formatNumber } from '#shared/lib/format.ts'
import { oneLine } from './print-table.ts'

const SHOWN_METRICS = 6
const SHOWN_PARAMS = 4
/** The most characters of a metric's name, and of a parameter's value. */
const WIDEST = 32
const LONGEST_VALUE = 24

/**
 * What `benchtop run` ends with: how the run ended, its metrics against the previous run's at the same step, what changed, the address.
 * `changed` is null where it took too long to find out.
 */
export function summaryText(detail: RunDetail, changed: Changed | null, address: string, colour: boolean): string {
  const dim = (text: string): string => (colour && text !== '' ? `\u001b[2m${text}\u001b[22m` : text)
  const previous = changed?.previous ?? null
  const against = previous === null ? '' : dim(`, against ${nameOf(previous)}`)
  const metrics = detail.metrics.filter((metric) => metric.last !== null && !isOfMachine(metric))
  const shown = metrics.slice(0, SHOWN_METRICS)
  const width = Math.max('changed'.length, ...shown.map(({ key }) => oneLine(key, WIDEST).length))
  const before = new Map(changed?.metrics.map((metric) => [metric.key, metric]))
  const lines = [`${nameOf(detail)} ${endText(detail)}${metrics.length > 0 ? against : ''}`]
  for (const { key, last, lastStep } of shown) {
    const other = before.get(key)
    const value = last ?? Number.NaN
    const format = chooseNumberFormat(other === undefined ? [value] : [value, other.before, other.now])
    const at = lastStep === null ? '' : dim(` at ${lastStep}`)
    const delta = other === undefined ? '' : `  ${deltaText(other, lastStep, format, colour)}`
    lines.push(`  ${oneLine(key, WIDEST).padEnd(width)}  ${formatNumber(value, format)}${at}${delta}`)
  }
  if (metrics.length > SHOWN_METRICS) lines.push(dim(`  and ${metrics.length - SHOWN_METRICS} more metrics`))
  if (changed !== null && previous !== null) {
    const what = changedWords(changed)
    lines.push(`  ${dim('changed'.padEnd(width))}  ${what === '' ? 'nothing that is recorded' : what}`)
  }
  return `\n${lines.join('\n')}\n  ${address}\n`
}

function nameOf({ name, number }: { readonly name: string; readonly number: number }): string {
  return `${oneLine(name)} #${number}`
}

function endText({ status, ending, startedAt, endedAt }: RunDetail): string {
  const took = startedAt === null || endedAt === null ? '' : ` in ${formatDuration(endedAt - startedAt)}`
  const why = status === 'finished' || ending === null ? '' : `: ${oneLine(ending, 200)}`
  return `${status}${took}${why}`
}

/** The difference at the latest step that both runs have; the step is told where it isn't the run's last. */
function deltaText(
  { step, before, now, goal }: Changed['metrics'][number],
  lastStep: number | null,
  format: ReturnType<typeof chooseNumberFormat>,
  colour: boolean,
): string {
  const delta = now - before
  const text = `${formatDelta(delta, format)}${step === lastStep ? '' : ` at ${step}`}`
  if (!colour || goal === 'neutral' || delta === 0 || Number.isNaN(delta)) return text
  return `\u001b[${delta > 0 === (goal === 'up') ? 32 : 31}m${text}\u001b[39m`
}

function changedWords({ params, code, packages, dataFiles }: Changed): string {
  const names = params
    .slice(0, SHOWN_PARAMS)
    .map(({ key, before, now }) => `${oneLine(key, WIDEST)} ${shortValue(before)} → ${shortValue(now)}`)
  const more = params.length - SHOWN_PARAMS
  const touched = code !== null && code.added + code.removed > 0
  return [
    ...names,
    ...(more > 0 ? [`${more} more ${more === 1 ? 'parameter' : 'parameters'}`] : []),
    ...(touched ? [`+${code.added} −${code.removed} lines in ${counted(code.files, 'file')}`] : []),
    ...(packages.length > 0 ? [counted(packages.length, 'package')] : []),
    ...(dataFiles.length > 0 ? [counted(dataFiles.length, 'data file')] : []),
  ].join('; ')
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function shortValue(value: string | null): string {
  return value === null ? 'not set' : oneLine(value, LONGEST_VALUE)
}
