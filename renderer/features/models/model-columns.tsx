import type { RegisteredModelRow } from '#shared/contract/models.ts'
import { formatDateTime, formatAgo } from '#shared/lib/format-time.ts'
import { markdownWords } from '#shared/lib/markdown-words.ts'
import { printRoute } from '#renderer/lib/routes.ts'
import { MissingCell, TextCell } from '#renderer/ui/data-grid/cells.tsx'
import type { GridColumn } from '#renderer/ui/data-grid/model.ts'
import { Tag } from '#renderer/ui/marks/pill.tsx'
import s from './models.module.css'
import { RunLink } from './run-link.tsx'
import { stageWords } from './stage-words.ts'
import { tagWords } from './tag-words.ts'

type Column = GridColumn<RegisteredModelRow>

/** What a list of registered models shows of each; stages and tags only where any of them has one. */
export function modelColumns(project: string, models: readonly RegisteredModelRow[], now: number): readonly Column[] {
  const staged = models.some((model) => stagesOf(model).length > 0)
  const tagged = models.some(({ tags }) => tags.length > 0)
  return allColumns(project, now).filter(({ id }) => (id !== 'stages' || staged) && (id !== 'tags' || tagged))
}

function allColumns(project: string, now: number): readonly Column[] {
  return [
    {
      id: 'name',
      title: 'Name',
      width: 190,
      minimum: 130,
      pinned: true,
      sortable: true,
      hideable: false,
      exact: ({ data }) => data.name,
      render: ({ data }) => (
        <a className={s.name} href={printRoute({ screen: 'model', project, name: data.name })} tabIndex={-1}>
          {data.name}
        </a>
      ),
    },
    {
      id: 'newest',
      title: 'Newest',
      width: 60,
      align: 'end',
      render: ({ data }) => (data.newest === null ? <MissingCell kind="none" /> : `v${data.newest.version}`),
    },
    {
      id: 'versions',
      title: 'Versions',
      width: 76,
      align: 'end',
      sortable: true,
      firstSort: 'desc',
      render: ({ data }) => data.versions.toLocaleString('en'),
    },
    {
      id: 'registered',
      title: 'Registered',
      width: 136,
      minimum: 92,
      sortable: true,
      firstSort: 'desc',
      exact: ({ data }) => (data.newest === null ? undefined : formatDateTime(data.newest.createdAt, now)),
      render: ({ data }) =>
        data.newest === null ? (
          <MissingCell kind="none" />
        ) : (
          <TextCell>{formatAgo(data.newest.createdAt, now)}</TextCell>
        ),
    },
    {
      id: 'run',
      title: 'From run',
      width: 160,
      minimum: 100,
      render: ({ data }) => <RunLink project={project} run={data.newest?.run ?? null} inGrid />,
    },
    {
      id: 'aliases',
      title: 'Aliases',
      width: 226,
      minimum: 216,
      exact: ({ data }) => joined(data.aliases.map(({ alias, version }) => `@${alias} v${version}`)),
      render: ({ data }) => (
        <span className={s.marks}>
          {data.aliases.map(({ alias, version }) => (
            <Tag key={alias}>
              <span className="mono">@{alias}</span> v{version}
            </Tag>
          ))}
        </span>
      ),
    },
    {
      id: 'stages',
      title: 'Stages',
      width: 150,
      minimum: 84,
      exact: ({ data }) => joined(stagesOf(data)),
      render: ({ data }) => <TextCell>{stagesOf(data).join(', ')}</TextCell>,
    },
    {
      id: 'tags',
      title: 'Tags',
      width: 126,
      minimum: 76,
      exact: ({ data }) => joined(tagWords(data.tags)),
      render: ({ data }) => <TextCell>{tagWords(data.tags).join(', ')}</TextCell>,
    },
    {
      id: 'description',
      title: 'Description',
      width: 164,
      minimum: 96,
      exact: ({ data }) => (data.description === '' ? undefined : data.description.slice(0, 1_000)),
      render: ({ data }) => <span className="cut t2">{markdownWords(data.description).slice(0, 300)}</span>,
    },
  ]
}

function stagesOf({ stages }: RegisteredModelRow): readonly string[] {
  return stages
    .filter(({ stage }) => stage !== 'archived')
    .toReversed()
    .map(({ stage, version }) => `${stageWords[stage]} v${version}`)
}

function joined(words: readonly string[]): string | undefined {
  return words.length === 0 ? undefined : words.join(', ')
}

/** Models by a column; those that are equal in it by name. */
export function sortModels(
  models: readonly RegisteredModelRow[],
  sort: readonly { readonly column: string; readonly direction: 'asc' | 'desc' }[],
): readonly RegisteredModelRow[] {
  const [first = { column: 'registered', direction: 'desc' }] = sort
  const sign = first.direction === 'asc' ? 1 : -1
  const byName = (a: RegisteredModelRow, b: RegisteredModelRow): number => a.name.localeCompare(b.name, 'en')
  const by = (a: RegisteredModelRow, b: RegisteredModelRow): number => {
    if (first.column === 'name') return byName(a, b)
    if (first.column === 'versions') return a.versions - b.versions
    return (a.newest?.createdAt ?? a.createdAt) - (b.newest?.createdAt ?? b.createdAt)
  }
  return models.toSorted((a, b) => by(a, b) * sign || byName(a, b))
}
