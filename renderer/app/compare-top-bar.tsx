import { useRead } from '#renderer/client/index.ts'
import { comparisonMarkdown } from '#renderer/features/runs/index.ts'
import { navigate, printRoute } from '#renderer/lib/routes.ts'
import { CopyButton } from '#renderer/ui/buttons/copy-button.tsx'
import { RunChip } from '#renderer/ui/marks/chip.tsx'
import s from './compare-top-bar.module.css'
import { TopBar } from './frame/top-bar.tsx'

/** Chips that fit beside the title; the others stand in the table's header alone. */
const CHIPS = 4

/** What is compared, each run with its key, and how to leave one out. */
export function CompareTopBar({ project, runs }: { readonly project: string; readonly runs: readonly string[] }) {
  const { data = [] } = useRead('runs.facts', { project, runs }, { enabled: runs.length > 1, keepPrevious: true })
  const without = (id: string): void =>
    navigate({ screen: 'compare', project, runs: runs.filter((one) => one !== id) }, { replace: true })
  return (
    <TopBar
      crumb={{ label: 'Runs', href: printRoute({ screen: 'runs', project }) }}
      title={`Compare ${runs.length} runs`}
      state={
        <span className={s.chips}>
          {data.slice(0, CHIPS).map(({ id, number, name, params }) => (
            <RunChip
              key={id}
              number={number}
              name={name}
              note={params['seed'] === undefined ? undefined : `seed ${params['seed']}`}
              onRemove={data.length > 2 ? () => without(id) : undefined}
            />
          ))}
          {data.length > CHIPS ? <span className="s12 t3">and {data.length - CHIPS} more</span> : null}
        </span>
      }
      verbs={
        data.length > 1 ? (
          <CopyButton text={comparisonMarkdown(data)} label="Copy as Markdown" tone="ghost" />
        ) : undefined
      }
    />
  )
}
