import type { ModelVersionRow } from '#shared/contract/models.ts'
import { formatDateTime, formatAgo } from '#shared/lib/format-time.ts'
import { MissingCell, StateCell, TextCell } from '#renderer/ui/data-grid/cells.tsx'
import type { GridColumn } from '#renderer/ui/data-grid/model.ts'
import { Tag } from '#renderer/ui/marks/pill.tsx'
import s from './models.module.css'
import { RunLink } from './run-link.tsx'
import { stageWords } from './stage-words.ts'

const STATES = { ready: 'done', pending: 'wait', failed: 'bad' } as const

/** What a list of versions shows of each. */
export function versionColumns(project: string, now: number): readonly GridColumn<ModelVersionRow>[] {
  return [
    {
      id: 'version',
      title: 'Version',
      width: 76,
      pinned: true,
      hideable: false,
      render: ({ data }) => <span className="w5">v{data.version}</span>,
    },
    {
      id: 'aliases',
      title: 'Aliases',
      width: 170,
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
      render: ({ data }) => <RunLink project={project} run={data.run} inGrid />,
    },
    {
      id: 'registered',
      title: 'Registered',
      width: 110,
      exact: ({ data }) => formatDateTime(data.createdAt, now),
      render: ({ data }) => <TextCell>{formatAgo(data.createdAt, now)}</TextCell>,
    },
    {
      id: 'description',
      title: 'Description',
      width: 200,
      exact: ({ data }) => (data.description === '' ? undefined : data.description.slice(0, 1_000)),
      render: ({ data }) => <span className="cut t2">{data.description.slice(0, 300)}</span>,
    },
  ]
}
