import type { Left } from './mlflow-servers.ts'

/** Load of one kind on one server. */
export type Loaded = {
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Milliseconds of processor time a request: of the server, and of the generator. */
  readonly serverCpu: number
  readonly loadCpu: number
  /** Share of the time that the server's first thread was ready but had no core. */
  readonly starved: number
}

/** What was measured of one server; kinds of load by name, in the order of the table. */
export type Measured = {
  readonly loads: ReadonlyMap<string, Loaded>
  readonly start: number
  readonly idleMemory: number
  readonly memory: number
  /** The same when nothing was asked for a while. */
  readonly quietMemory: number
  readonly points: number
  readonly left: Left
}

type Target = { readonly text: string; readonly times?: number }

const TARGETS: Readonly<Record<string, Target>> = {
  'log-metric': { text: '>= 15,000/s', times: 10 },
  'log-metric, one client': { text: '', times: 10 },
  'log-batch of 100': { text: '>= 5,000/s, p99 < 10 ms', times: 20 },
  'search, 100 of 1,000 runs': { text: '', times: 10 },
  'search, 1,000 runs': { text: '< 150 ms', times: 10 },
  'search, filtered and sorted, 100 of 1,000': { text: '', times: 10 },
  'create-run': { text: '', times: 10 },
}

/** Both servers side by side, a line for each kind of load, then what is not a load. */
export function mlflowTable(
  ceiling: ReadonlyMap<string, Loaded>,
  ours: Measured,
  real: Measured | undefined,
  reason: string | undefined,
): readonly string[] {
  const lines = [...ours.loads].map(([name, loaded]) => {
    const other = real?.loads.get(name)
    return line([
      name,
      ceiling.has(name) ? number(ceiling.get(name)?.rate) : '',
      ...columns(loaded),
      `${number(100 * loaded.starved)} %`,
      ...(real === undefined ? [] : columns(other)),
      other === undefined ? '' : `${number(loaded.rate / other.rate)}x`,
      other === undefined ? '' : `${number(other.serverCpu / loaded.serverCpu)}x`,
      target(TARGETS[name]),
    ])
  })
  const figures = FIGURES.map(({ name, of, target: text }) => {
    const [own, other] = [of(ours), real === undefined ? undefined : of(real)]
    return line([
      name,
      '',
      ...single(own),
      '',
      ...(real === undefined ? [] : single(other)),
      other === undefined ? '' : `${number(other / own)}x`,
      '',
      text,
    ])
  })
  const { compaction } = ours.left
  return [
    'MLflow API, Benchtop and the real server: requests/s, 50th and 99th percentile in ms, processor ms a request of the server and of the load.',
    'Of nothing: what the same load reaches on a server that reads and says {}. No core: share of the time that our thread waited for one of the shared ones.',
    ...(reason === undefined ? [] : [`without the real server: ${reason}`]),
    line([
      '',
      'of nothing',
      ...head('Benchtop'),
      'no core',
      ...(real === undefined ? [] : head('mlflow')),
      'rate',
      'by cpu',
      'target',
    ]),
    ...lines,
    ...figures,
    compaction === undefined
      ? 'what compaction did is not known'
      : `compaction meanwhile: ${number(compaction.slices)} slices, the longest ${number(compaction.longestSliceMs)} ms; longest commit ${number(compaction.longestCommitMs)} ms`,
  ]
}

type FigureRow = { readonly name: string; readonly of: (measured: Measured) => number; readonly target: string }

const FIGURES: readonly FigureRow[] = [
  { name: 'start to first answer, ms', of: ({ start }) => start, target: '< 1,000' },
  { name: 'memory, started, MiB', of: ({ idleMemory }) => idleMemory, target: '< 150' },
  { name: 'memory, after all that, MiB', of: ({ memory }) => memory, target: '' },
  { name: 'memory, quiet for 35 s, MiB', of: ({ quietMemory }) => quietMemory, target: '< 200' },
  { name: 'database, bytes a point', of: ({ left, points }) => left.bytes / points, target: '' },
  {
    name: '  but for its log and free pages',
    of: ({ left, points }) => (left.bytes - (left.spare ?? 0)) / points,
    target: '',
  },
]

const WIDTHS = [42, 10]
const CELL = 9

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) =>
      index === 0
        ? cell.padEnd(WIDTHS[0] ?? 0)
        : index === cells.length - 1
          ? ` ${cell}`
          : cell.padStart(WIDTHS[index] ?? CELL),
    )
    .join('')
    .trimEnd()
}

function head(name: string): readonly string[] {
  return [name, 'p50', 'p99', 'cpu', 'load']
}

function columns(loaded: Loaded | undefined): readonly string[] {
  const values = loaded === undefined ? [] : [loaded.rate, loaded.p50, loaded.p99, loaded.serverCpu, loaded.loadCpu]
  return Array.from({ length: 5 }, (_, index) => number(values[index]))
}

function single(value: number | undefined): readonly string[] {
  return [number(value), '', '', '', '']
}

function target({ text, times }: Target = { text: '' }): string {
  return [times === undefined ? '' : `>= ${times}x`, text].filter((part) => part !== '').join(', ')
}

function number(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return ''
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
}
