import type { ForeignReader, Row } from '#electron/db/foreign/connection.ts'
import type { Pair } from '#electron/features/models/index.ts'
import type { SourceDataset, SourceRun, SourceRunContents } from '../source.ts'
import { exactOf, textOf, wordOf } from './cells.ts'
import { pairsIn } from './pairs.ts'
import { datasetsOf, modelsOf, pairsOf, runRow } from './queries.ts'
import type { Reading } from './reading.ts'
import { seriesOf } from './series.ts'

/** Tags that say that a run had files. */
const OF_FILES = new Set(['mlflow.log-model.history', 'mlflow.loggedArtifacts', 'mlflow.loggedImages'])

/** What came with a run before its own columns were turned into tags, in MLflow 1.0. */
const OLD_COLUMNS = [
  ['mlflow.source.type', 9],
  ['mlflow.source.name', 10],
  ['mlflow.source.git.commit', 11],
  ['mlflow.project.entryPoint', 12],
] as const

/** Schemas in which a run's user stood in its row alone; the next one made tags of them. */
const BEFORE_USER_TAGS = new Set(['451aebb31d03'])

export async function contentsOf(reading: Reading, run: SourceRun, signal: AbortSignal): Promise<SourceRunContents> {
  const work = (db: ForeignReader) => ({
    row: runRow(db, run.id),
    params: pairsIn(pairsOf(db, 'params', ['run_uuid', 'key', 'value'], run.id)),
    tags: pairsIn(pairsOf(db, 'tags', ['run_uuid', 'key', 'value'], run.id)),
    datasets: datasetsIn(db, datasetsOf(db, run.id)),
    models: modelsOf(db, run.id).flatMap(modelIn),
  })
  const { row, params, tags, datasets, models } = await reading.read(work, signal)
  return {
    params,
    tags: withOldTags(reading, tags, row ?? []),
    datasets,
    models,
    series: seriesOf(reading, run, signal),
    artifacts: await reading.places.find({
      recorded: textOf(row?.[8]),
      experiment: run.experiment,
      own: [run.id, 'artifacts'],
      expected: tags.some(({ key }) => OF_FILES.has(key)),
    }),
  }
}

function withOldTags({ revisions, notice }: Reading, tags: readonly Pair[], row: Row): readonly Pair[] {
  const [type, name] = [wordOf(row[9]), wordOf(row[10])]
  const added: Pair[] = []
  const add = (key: string, value: string | null): void => {
    if (value !== null && !tags.some((tag) => tag.key === key)) added.push({ key, value })
  }
  if (revisions.every((revision) => BEFORE_USER_TAGS.has(revision))) add('mlflow.user', wordOf(row[7]))
  // Since then the columns are there, and empty.
  if (name !== null && type !== null) for (const [key, column] of OLD_COLUMNS) add(key, wordOf(row[column]))
  if (added.some(({ key }) => key !== 'mlflow.user'))
    notice({
      kind: 'changed',
      what: 'runs before MLflow 1.0',
      why: 'Their source, commit and entry point came as tags.',
    })
  return [...tags, ...added]
}

/** Each dataset once, with the tags of its use, as MLflow reads them. */
function datasetsIn(db: ForeignReader, rows: readonly Row[]): readonly SourceDataset[] {
  const datasets = new Map<string, Omit<SourceDataset, 'tags'> & { readonly tags: Pair[] }>()
  for (const [use, uuid, name, digest, sourceType, source, schema, profile] of rows) {
    const id = textOf(uuid) ?? ''
    const tags = pairsIn(pairsOf(db, 'input_tags', ['input_uuid', 'name', 'value'], textOf(use) ?? ''))
    const known = datasets.get(id)
    if (known !== undefined) known.tags.push(...tags)
    else
      datasets.set(id, {
        name: textOf(name) ?? '',
        digest: textOf(digest) ?? '',
        sourceType: textOf(sourceType) ?? '',
        source: textOf(source) ?? '',
        schema: textOf(schema),
        profile: textOf(profile),
        tags: [...tags],
      })
  }
  return [...datasets.values()]
}

function modelIn([direction, model, step]: Row): SourceRunContents['models'] {
  const id = wordOf(model)
  if (id === null) return []
  const isInput = textOf(direction) === 'RUN_INPUT'
  return [{ model: id, direction: isInput ? 'input' : 'output', step: isInput ? 0 : (exactOf(step) ?? 0) }]
}
