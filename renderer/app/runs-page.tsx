import { useState } from 'react'
import { ConnectScript } from '#renderer/features/projects/index.ts'
import { RunsScreen, useTableView } from '#renderer/features/runs/index.ts'
import { useRead } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Segmented } from '#renderer/ui/fields/segmented.tsx'
import { Select } from '#renderer/ui/fields/select.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import s from './runs-page.module.css'
import { TopBar } from './frame/top-bar.tsx'

const MODES = [
  { id: 'table', label: 'Table', icon: 'table' },
  { id: 'split', label: 'Split', icon: 'split' },
  { id: 'charts', label: 'Charts', icon: 'chart' },
] as const
const LIFECYCLES = [
  { id: 'active', label: 'Active' },
  { id: 'archived', label: 'Archived' },
  { id: 'deleted', label: 'Trash' },
] as const

export type RunsPageProps = { readonly project: string; readonly filter: string; readonly onLaunch: () => void }

/** The runs of a project, under their bar: which view, which part of life, launch. */
export function RunsPage({ project, filter, onLaunch }: RunsPageProps) {
  const [view, change] = useTableView(project)
  const [lifecycle, setLifecycle] = useState<(typeof LIFECYCLES)[number]['id']>('active')
  const detail = useRead('projects.get', { project })
  const counts = detail.data?.counts
  // The table's first question, asked beside the project's facts: those wait for git, and the table need not.
  const columns = useRead('runs.columns', { project, lifecycle })
  const hasRuns = columns.data?.some(({ count }) => count > 0) === true
  const shelved = (counts?.archived ?? 0) + (counts?.trashed ?? 0) > 0 || lifecycle !== 'active'
  if (detail.error !== null) {
    const { code, message, hint, logId } = detail.error
    return (
      <>
        <TopBar title="Runs" />
        <ErrorPanel
          inset
          title={message}
          logId={code === 'internal' ? logId : undefined}
          action={{ label: 'All projects', onPress: () => navigate({ screen: 'home' }) }}
        >
          {hint}
        </ErrorPanel>
      </>
    )
  }
  if (counts?.runs === 0 && !shelved) {
    return (
      <>
        <TopBar title="Runs" />
        <FirstRun project={project} onLaunch={onLaunch} />
      </>
    )
  }
  return (
    <>
      <TopBar
        title="Runs"
        state={
          shelved ? (
            <Select
              label="Which runs"
              labelHidden
              size="small"
              options={LIFECYCLES}
              value={lifecycle}
              onChange={setLifecycle}
            />
          ) : undefined
        }
        verbs={
          <>
            <Segmented label="View" segments={MODES} value={view.mode} onChange={(mode) => change({ mode })} />
            <Button tone="primary" icon="play" keys="Mod+Enter" onPress={onLaunch}>
              Launch run
            </Button>
          </>
        }
      />
      {counts === undefined && !hasRuns ? (
        <Loading label="Runs" rows={14} />
      ) : (
        <RunsScreen
          key={lifecycle}
          project={project}
          filter={filter}
          lifecycle={lifecycle}
          view={view}
          change={change}
        />
      )}
    </>
  )
}

function FirstRun({ project, onLaunch }: { readonly project: string; readonly onLaunch: () => void }) {
  return (
    <div className={s.first}>
      <h2>No runs yet</h2>
      <p>Launch a training here, or start it as you always do and let it log here.</p>
      <div className={s.launch}>
        <div>
          <b>Launch from here</b>
          <p>Any command: Python, a shell script, torchrun. Its output, metrics, parameters and code are kept.</p>
        </div>
        <Button tone="primary" icon="play" keys="Mod+Enter" onPress={onLaunch}>
          Launch run…
        </Button>
      </div>
      <div className={s.launch}>
        <div>
          <b>Bring what you have</b>
          <p>An mlruns folder, an mlflow.db or a tracking server: every run comes with its ids, times and points.</p>
        </div>
        <Button icon="download" onPress={() => navigate({ screen: 'import', project })}>
          Import…
        </Button>
      </div>
      <ConnectScript project={project} />
    </div>
  )
}
