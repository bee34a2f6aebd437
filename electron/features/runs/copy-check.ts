import type { SeriesInfo } from '#electron/features/metrics/index.ts'
import type { RunRows } from './copy-rows.ts'

/** What a copy lacks of a run's rows, in words; undefined where every one is there as it was read. */
export function missingRows(rows: RunRows, copy: RunRows | undefined): string | undefined {
  if (copy === undefined) return 'the run itself'
  const [was, is] = [textsOf(rows), textsOf(copy)]
  const found = [...was].find(([name, text]) => is.get(name) !== text)
  return found === undefined ? undefined : `its rows of ${found[0]}`
}

/** Rows by table, as texts that are the same for the same rows. A data set that was there already is left as it was: only that the run read it counts. */
function textsOf({ run, experiment, ofRun, datasets, models, others }: RunRows): ReadonlyMap<string, string> {
  const read = datasets.map(({ name, digest, tags }) => [name, digest, tags])
  const tables: readonly (readonly [string, unknown])[] = [
    ['run', run],
    ['experiment', experiment],
    ['dataset', read],
    ['logged_model', models],
    ...ofRun,
    ...others,
  ]
  return new Map(tables.map(([name, those]) => [name, JSON.stringify(those, plain)]))
}

/** Infinities and NaN are not JSON's. */
function plain(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

/** Which metric has fewer points in the copy than in the run, in words; undefined where none has. */
export function missingPoints(run: readonly SeriesInfo[], copy: readonly SeriesInfo[]): string | undefined {
  const counts = new Map(copy.map((info) => [nameOf(info), info.summary.count]))
  const found = run.find((info) => (counts.get(nameOf(info)) ?? 0) < info.summary.count)
  if (found === undefined) return undefined
  return `${found.key}, ${counts.get(nameOf(found)) ?? 0} of ${found.summary.count} points,`
}

function nameOf({ key, origin }: Pick<SeriesInfo, 'key' | 'origin'>): string {
  return `${origin} ${key}`
}
