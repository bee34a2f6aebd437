import type {
  ModelStage,
  ModelVersionDetail,
  ModelVersionRow,
  RegisteredModelDetail,
  RegisteredModelRow,
  SourceRun,
} from '#shared/contract/models.ts'
import { loadModelSnippet } from '#shared/domain/load-model.ts'
import { formatDateTime, isoTime } from '#shared/lib/format-time.ts'
import { formatNumber } from '#shared/lib/format.ts'
import { markdownWords } from '#shared/lib/markdown-words.ts'
import { oneLine, printTable, type TableStyle, type TableValue } from './print-table.ts'

type Style = Exclude<TableStyle, 'json'>

/** Registered models, one a line. */
export function modelsText(models: readonly RegisteredModelRow[], style: Style, now: number): string {
  const exact = style === 'csv'
  return tableOf(
    ['name', 'versions', 'newest', 'registered', 'aliases', 'stages', 'run', 'tags', 'description'],
    models.map(({ name, versions, newest, aliases, stages, tags, description }) => [
      name,
      versions,
      newest?.version ?? null,
      newest === null ? null : timeText(newest.createdAt, exact, now),
      list(aliases.map(({ alias, version }) => `@${alias} v${version}`)),
      list(stages.map(({ stage, version }) => `${stage} v${version}`)),
      runText(newest?.run ?? null),
      list(tags.map(tagText)),
      wordsText(description, exact),
    ]),
    style,
  )
}

/** One registered model: what is said of it, and its versions. */
export function modelText(model: RegisteredModelDetail, style: Style, now: number): string {
  const exact = style === 'csv'
  const versions = tableOf(
    ['version', 'aliases', 'stage', 'status', 'registered', 'run', 'tags', 'description'],
    model.list.map((row) => [
      row.version,
      list(row.aliases.map((alias) => `@${alias}`)),
      stageText(row.stage),
      row.state,
      timeText(row.createdAt, exact, now),
      runText(row.run),
      list(row.tags.map(tagText)),
      wordsText(row.description, exact),
    ]),
    style,
  )
  if (style === 'csv') return versions
  const facts = [
    ['name', model.name],
    ['created', formatDateTime(model.createdAt, now)],
    model.updatedAt === model.createdAt ? null : ['changed', formatDateTime(model.updatedAt, now)],
    model.tags.length === 0 ? null : ['tags', model.tags.map(tagText).join(', ')],
  ]
  const none = 'It has no versions: they were deleted, or none was registered yet.\n'
  return [
    section('Model', facts),
    paragraph('Description', model.description),
    model.list.length === 0 ? none : `Versions\n${indented(versions)}`,
  ]
    .filter((part) => part !== '')
    .join('\n')
}

/** One version: where it stands, what it came from, and the lines that load it. */
export function versionText(
  name: string,
  detail: ModelVersionDetail,
  { trackingUri, style, now }: { readonly trackingUri: string; readonly style: Style; readonly now: number },
): string {
  const { version, aliases, location, metrics } = detail
  const facts: readonly (Fact | null)[] = [
    ['name', name],
    ['version', String(version)],
    aliases.length === 0 ? null : ['aliases', aliases.map((alias) => `@${alias}`).join(', ')],
    detail.stage === 'none' ? null : ['stage', detail.stage],
    ['status', detail.why === null ? detail.state : `${detail.state}: ${detail.why}`],
    ['registered', timeText(detail.createdAt, style === 'csv', now)],
    detail.updatedAt === detail.createdAt ? null : ['changed', timeText(detail.updatedAt, style === 'csv', now)],
    detail.run === null ? null : ['run', runText(detail.run) ?? ''],
    detail.type === null || detail.type === '' ? null : ['kind', detail.type],
    detail.user === null || detail.user === '' ? null : ['by', detail.user],
    ['made from', detail.source],
    ['files', location],
  ]
  const tags = detail.tags.map(({ key, value }): Fact => [key, value])
  const measured = metrics.map(({ key, value, step, dataset }): Fact => [
    dataset === null ? key : `${key} on ${dataset}`,
    style === 'csv' ? String(value) : `${formatNumber(value)}  at ${step}`,
  ])
  if (style === 'csv') {
    const rows = (of: string, given: readonly (Fact | null)[]): readonly (readonly TableValue[])[] =>
      given.flatMap((fact) => (fact === null ? [] : [[of, ...fact]]))
    const all = [['description', detail.description] as const].filter(([, text]) => text !== '')
    return tableOf(
      ['section', 'key', 'value'],
      [...rows('Version', [...facts, ...all]), ...rows('Tags', tags), ...rows('Metrics', measured)],
      'csv',
    )
  }
  return [
    section('Version', facts),
    paragraph('Description', detail.description),
    section('Tags', tags),
    section('Metrics', measured),
    `Load it\n${indented(loadModelSnippet({ trackingUri, name, version, aliases, location }))}`,
  ]
    .filter((part) => part !== '')
    .join('\n')
}

/** What a run was registered as, for the page of the run. */
export function registeredText(aliases: readonly string[], stage: ModelStage): string {
  return list([...aliases.map((alias) => `@${alias}`), ...(stage === 'none' ? [] : [stage])]) ?? ''
}

type Fact = readonly [key: string, value: string]
/** Long enough for any path. */
const LONGEST = 400

function tableOf(titles: readonly string[], rows: readonly (readonly TableValue[])[], style: Style): string {
  const right = new Set(['version', 'versions', 'newest'])
  const columns = titles.map((title) => ({ title, align: right.has(title) ? ('right' as const) : ('left' as const) }))
  return printTable({ columns, rows }, style, { shown: String })
}

function section(title: string, facts: readonly (readonly string[] | null)[]): string {
  const rows = facts.flatMap((fact) => (fact === null ? [] : [[`  ${fact[0] ?? ''}`, fact[1] ?? '']]))
  if (rows.length === 0) return ''
  const columns = ['', ''].map((none) => ({ title: none, align: 'left' as const }))
  return `${title}\n${printTable({ columns, rows }, 'table', { headless: true, longest: LONGEST })}`
}

/** Words keep their lines. */
function paragraph(title: string, text: string): string {
  const words = text.trim()
  return words === ''
    ? ''
    : `${title}\n${indented(
        words
          .split(/\r?\n/)
          .map((line) => oneLine(line, LONGEST))
          .join('\n'),
      )}`
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '\n' : `  ${line}\n`))
    .join('')
}

function timeText(time: number, exact: boolean, now: number): string {
  return exact ? isoTime(time) : formatDateTime(time, now)
}

/** In a table only their words. */
function wordsText(text: string, exact: boolean): string | null {
  const words = exact ? text : markdownWords(text)
  return words === '' ? null : words
}

function stageText(stage: ModelVersionRow['stage']): string | null {
  return stage === 'none' ? null : stage
}

function runText(run: SourceRun | null): string | null {
  if (run === null) return null
  if (run.lifecycle === null) return `${run.id} (gone)`
  const where = { active: '', archived: ' (archived)', deleted: ' (in the trash)' }[run.lifecycle]
  return `${run.name} #${run.number}${where}`
}

function tagText({ key, value }: { readonly key: string; readonly value: string }): string {
  return value === '' ? key : `${key}=${value}`
}

function list(words: readonly string[]): string | null {
  return words.length === 0 ? null : words.join(', ')
}
