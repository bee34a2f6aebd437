import type { ModelVersionRow } from '#shared/contract/models.ts'
import { formatDateTime, formatAgo } from '#shared/lib/format-time.ts'
import { markdownWords } from '#shared/lib/markdown-words.ts'
import { MissingCell, StateCell, TextCell } from '#renderer/ui/data-grid/cells.tsx'
import type { GridColumn } from '#renderer/ui/data-grid/model.ts'
import { Tag } from '#renderer/ui/marks/pill.tsx'
import s from './models.module.css'
import { RunLink } from './run-link.tsx'
import { stageWords } from './stage-words.ts'
import { tagWords } from './tag-words.ts'

const STATES = { ready: 'done', pending: 'wait', failed: 'bad' } as const

type Column = GridColumn<ModelVersionRow>

/** What a list of versions shows of each; a status, a stage and tags only where any of them tells something. */
export function versionColumns(project: string, versions: readonly ModelVersionRow[], now: number): readonly Column[] {
  const told: Readonly<Record<string, boolean>> = {
    state: versions.some(({ state }) => state !== 'ready'),
    stage: versions.some(({ stage }) => stage !== 'none'),
    tags: versions.some(({ tags }) => tags.length > 0),
  }
  return allColumns(project, now).filter(({ id }) => told[id] !== false)
}

function allColumns(project: string, now: number): readonly Column[] {
  return [
    {
      id: 'version',
      title: 'Version',
      width: 62,
      pinned: true,
      hideable: false,
      render: ({ data }) => <span className="w5">v{data.version}</span>,
    },
    {
      id: 'registered',
      title: 'Registered',
      width: 136,
      minimum: 90,
      exact: ({ data }) => formatDateTime(data.createdAt, now),
      render: ({ data }) => <TextCell>{formatAgo(data.createdAt, now)}</TextCell>,
    },
    {
      id: 'aliases',
      title: 'Aliases',
      width: 170,
      minimum: 116,
      exact: ({ data }) =>
        data.aliases.length === 0 ? undefined : data.aliases.map((alias) => `@${alias}`).join(', '),
      render: ({ data }) => (
        <span className={s.marks}>
          {data.aliases.map((alias) => (
            <Tag key={alias}>
              <span className="mono">@{alias}</span>
            </Tag>
          ))}
        </span>
      ),
    },
    {
      id: 'stage',
      title: 'Stage',
      width: 90,
      minimum: 80,
      render: ({ data }) =>
        data.stage === 'none' ? (
          <MissingCell kind="none" />
        ) : (
          <span className={data.stage === 'archived' ? 't3' : undefined}>{stageWords[data.stage]}</span>
        ),
    },
    {
      id: 'state',
      title: 'Status',
      width: 86,
      render: ({ data }) => <StateCell state={STATES[data.state]}>{data.state}</StateCell>,
    },
    {
      id: 'run',
      title: 'From run',
      width: 160,
      minimum: 96,
      render: ({ data }) => <RunLink project={project} run={data.run} inGrid />,
    },
    {
      id: 'tags',
      title: 'Tags',
      width: 130,
      minimum: 60,
      exact: ({ data }) => (data.tags.length === 0 ? undefined : tagWords(data.tags).join(', ')),
      render: ({ data }) => <TextCell>{tagWords(data.tags).join(', ')}</TextCell>,
    },
    {
      id: 'description',
      title: 'Description',
      width: 200,
      minimum: 80,
      exact: ({ data }) => (data.description === '' ? undefined : data.description.slice(0, 1_000)),
      render: ({ data }) => <span className="cut t2">{markdownWords(data.description).slice(0, 300)}</span>,
    },
  ]
}
