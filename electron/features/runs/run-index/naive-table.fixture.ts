import type { Cell, Sort } from '#shared/contract/runs.ts'
import { goalOf } from '#shared/domain/compare/goal.ts'
import { seedGroupKey } from '#shared/domain/compare/seeds.ts'

/** A run as a plain object: what the index is compared with. */
export type NaiveRun = {
  readonly number: number
  readonly id: string
  name: string
  status: string
  lifecycle: 'active' | 'archived' | 'deleted'
  started: number | null
  script: string | null
  readonly logged: Map<string, string>
  readonly captured: Map<string, string>
  readonly tags: Map<string, string>
  /** All points of each metric: step and value. */
  readonly metrics: Map<string, { readonly step: number; readonly value: number }[]>
}

/** A number in the sense of the table: text that Python or JavaScript print for one and a double holds exactly enough. */
function asNumber(text: string): number | undefined {
  if (/^[+-]?nan$/i.test(text)) return Number.NaN
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text)
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  return /^[+-]?\d+$/.test(text) && !Number.isSafeInteger(Number(text)) ? undefined : Number(text)
}

export function mergedParams(run: NaiveRun): ReadonlyMap<string, string> {
  return new Map([...run.captured, ...run.logged])
}

function latest(points: readonly { readonly step: number; readonly value: number }[]): number {
  return points.reduce((best, point) => (point.step >= best.step ? point : best)).value
}

/** The text or number of a cell before any formatting; null where there is none. */
function raw(run: NaiveRun, column: string): string | number | null {
  const [kind = '', ...rest] = column.split(':')
  if (kind === 'param') return mergedParams(run).get(rest.join(':')) ?? null
  if (kind === 'tag') return run.tags.get(rest.join(':')) ?? null
  if (kind === 'attribute') {
    const value = { name: run.name, status: run.status, started: run.started, script: run.script, number: run.number }[
      rest[0] ?? ''
    ]
    return value ?? null
  }
  const aggregate = rest.at(-1)
  const key = rest.slice(0, -1).join(':')
  const points = run.metrics.get(key)
  if (points === undefined) return null
  const finite = points.map(({ value }) => value).filter(Number.isFinite)
  const min = finite.length === 0 ? null : Math.min(...finite)
  const max = finite.length === 0 ? null : Math.max(...finite)
  if (aggregate === 'min') return min
  if (aggregate === 'max') return max
  if (aggregate === 'best' && goalOf(key) !== 'neutral') return goalOf(key) === 'up' ? max : min
  return latest(points)
}

/** Digits as numbers, letters without case. */
function naturalCompare(left: string, right: string): number {
  const split = (text: string): readonly string[] => text.toLowerCase().match(/\d+|\D/gu) ?? []
  const [one, other] = [split(left), split(right)]
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const [a, b] = [one[index], other[index]]
    if (a === undefined) return -1
    if (b === undefined) return 1
    if (/^\d/.test(a) && /^\d/.test(b)) {
      if (Number(a) !== Number(b)) return Number(a) - Number(b)
    } else if (a !== b) return a < b ? -1 : 1
  }
  return 0
}

type Value = string | number | null

/** -1, 0, 1 with NaN after all else and missing values last, in both directions; numbers before texts when ascending. */
function compareValues(left: Value, right: Value, descending: boolean): number {
  const rank = (value: Value): number => {
    if (value === null) return 3
    const number = typeof value === 'number' ? value : asNumber(value)
    if (number === undefined) return descending ? 0 : 1
    return Number.isNaN(number) ? 2 : descending ? 1 : 0
  }
  if (rank(left) !== rank(right)) return rank(left) - rank(right)
  if (rank(left) >= 2) return 0
  const [a, b] = [left, right].map((value) => (typeof value === 'string' ? (asNumber(value) ?? value) : value))
  const order =
    typeof a === 'number' && typeof b === 'number'
      ? a < b
        ? -1
        : a > b
          ? 1
          : 0
      : naturalCompare(String(left), String(right))
  return descending ? -order : order
}

/** Sorted copy; ties by the newest run. */
export function naiveSort(runs: readonly NaiveRun[], sort: readonly Sort[]): readonly NaiveRun[] {
  return runs.toSorted((left, right) => {
    for (const { column, direction } of sort) {
      const order = compareValues(raw(left, column), raw(right, column), direction === 'desc')
      if (order !== 0) return order
    }
    return right.number - left.number
  })
}

/** A run's cell; a parameter is a number where all runs of the project, whatever their state, have numbers. */
export function naiveCell(all: readonly NaiveRun[], run: NaiveRun, column: string): Cell {
  const value = raw(run, column)
  if (typeof value !== 'string' || !column.startsWith('param:')) return value
  const texts = all.flatMap((other) => raw(other, column) ?? [])
  return texts.every((text) => asNumber(String(text)) !== undefined) ? (asNumber(value) ?? value) : value
}

/** Runs by what they are equal in, in the order of the given runs. */
export function naiveGroups(runs: readonly NaiveRun[]): readonly (readonly NaiveRun[])[] {
  const groups = new Map<string, NaiveRun[]>()
  for (const run of runs) {
    const key = seedGroupKey(run.script, '0', mergedParams(run))
    groups.set(key, [...(groups.get(key) ?? []), run])
  }
  return [...groups.values()]
}
