import { join } from 'node:path'
import type { SourceDataset, SourceRunContents, SourceSeries } from '../source.ts'
import type { ArtifactFinder } from './artifacts.ts'
import { exactOf, pairsOf, textOf, wordOf } from './fields.ts'
import { assertThere, entriesOf, named, type Place } from './files.ts'
import { keyedFiles, keyedValues } from './keyed-files.ts'
import type { Meta } from './meta.ts'
import { LARGEST_DATASET, readMeta } from './read-meta.ts'
import type { RunFolder } from './runs.ts'
import { readSeries } from './series.ts'

/** A run's contents, whose series are read one by one as they are asked for. */
export type Contents = Omit<SourceRunContents, 'series'> & { readonly series: Iterable<SourceSeries> }

/** What hangs on a run. `experimentPath` is the folder that holds the run's. */
export function readContents(place: Place, finder: ArtifactFinder, run: RunFolder, experimentPath: string): Contents {
  const parts = new Set(entriesOf(place, run.path, 'files').map(({ name }) => name))
  const partly = <T>(part: string, read: (folder: string) => readonly T[]): readonly T[] =>
    parts.has(part) ? read(join(run.path, part)) : []
  const inputs = partly('inputs', (folder) => metasOf(place, folder))
  const outputs = partly('outputs', (folder) => metasOf(place, folder))
  return {
    params: partly('params', (folder) => keyedValues(place, folder)),
    tags: partly('tags', (folder) => keyedValues(place, folder)),
    datasets: inputs.flatMap((input) => datasetOf(place, experimentPath, input) ?? []),
    models: [
      ...inputs.flatMap(({ meta }) => {
        const model = textOf(meta, 'source_type') === 'MODEL' ? wordOf(meta, 'source_id') : null
        return model === null ? [] : [{ model, direction: 'input' as const, step: 0 }]
      }),
      ...outputs.flatMap(({ meta }) => {
        const model = wordOf(meta, 'destination_id', 'source_id')
        return model === null ? [] : [{ model, direction: 'output' as const, step: exactOf(meta, 'step') ?? 0 }]
      }),
    ],
    artifacts: finder.find(run.path, run.about.id, run.artifacts),
    series: seriesOf(place, run),
  }
}

function* seriesOf(place: Place, { about, path }: RunFolder): Generator<SourceSeries> {
  const { startedAt, endedAt, status } = about
  const live = endedAt === null && (status === 'running' || status === 'queued')
  for (const file of keyedFiles(place, join(path, 'metrics'))) {
    const series = readSeries(place, file, { startedAt: typeof startedAt === 'number' ? startedAt : null, live })
    if (series !== undefined) yield series
  }
  assertThere(place)
}

type Found = { readonly meta: Meta; readonly path: string }

function metasOf(place: Place, folder: string): readonly Found[] {
  return entriesOf(place, folder, 'folders').flatMap(({ path, kind }) => {
    const meta = kind === 'folder' ? readMeta(place, path) : undefined
    return meta === undefined || meta === 'damaged' ? [] : [{ meta, path }]
  })
}

function datasetOf(place: Place, experimentPath: string, { meta: input, path }: Found): SourceDataset | undefined {
  const id = textOf(input, 'source_id')
  const type = textOf(input, 'source_type') ?? 'DATASET'
  if (type === 'MODEL') return undefined
  const what = named(place, path)
  if (type !== 'DATASET' || id === null || !/^[\w-]+$/.test(id)) {
    place.notice({ kind: 'skipped', what, why: 'it is neither a dataset nor a model' })
    return undefined
  }
  const meta = readMeta(place, join(experimentPath, 'datasets', id), LARGEST_DATASET)
  const name = meta instanceof Map ? wordOf(meta, 'name') : null
  if (!(meta instanceof Map) || name === null) {
    if (meta !== 'damaged') place.notice({ kind: 'skipped', what, why: `there is no dataset ${id} in its experiment` })
    return undefined
  }
  return {
    name,
    digest: textOf(meta, 'digest') ?? '',
    sourceType: textOf(meta, 'source_type') ?? '',
    source: textOf(meta, 'source') ?? '',
    schema: textOf(meta, 'schema'),
    profile: textOf(meta, 'profile'),
    tags: pairsOf(input, 'tags'),
  }
}
