import { useState } from 'react'
import { formatRelativeTime } from '#shared/lib/format-time.ts'
import { useNow } from '#renderer/lib/use-now.ts'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Icon } from '#renderer/ui/icons/icon.tsx'
import { Kbd } from '#renderer/ui/keys/kbd.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { CommandOffer } from './command-offer.tsx'
import { ConnectScript } from './connect-script.tsx'
import { OpenFolderDialog } from './open-folder-dialog.tsx'
import s from './projects.module.css'
import { useOpenFolder } from './use-open-folder.ts'

/** Where a person begins: three ways in, and the projects of before. */
export function HomeScreen() {
  const open = useOpenFolder()
  const sample = useWrite('projects.sample')
  const [asking, setAsking] = useState(false)
  const failure = open.error ?? sample.error

  const makeSample = (): void => sample.mutate({}, { onSuccess: ({ id }) => navigate({ screen: 'runs', project: id }) })

  return (
    <div className={s.stage}>
      <div className={s.inner}>
        <h1 className={s.title}>Start a bench</h1>
        <p className={s.promise}>
          A project is a folder you already have. Benchtop adds one hidden folder to it, and nothing leaves this laptop.
        </p>
        {failure === null ? null : (
          <ErrorPanel title={failure.message} logId={failure.code === 'internal' ? failure.logId : undefined}>
            {failure.hint ?? 'Nothing was changed.'}
          </ErrorPanel>
        )}
        <div className={s.ways}>
          <div className={s.way}>
            <Icon name="folder" size={20} />
            <b>Open a folder</b>
            <p>A repository with training scripts, or an empty folder. Your files stay as they are.</p>
            <Button
              tone="primary"
              aria-label="Open folder…"
              disabled={open.pending}
              onPress={() => void open.choose(() => setAsking(true))}
            >
              Open folder… <Kbd keys="Mod+O" joined quiet />
            </Button>
          </div>
          <div className={s.way}>
            <Icon name="bolt" size={20} />
            <b>Try the sample</b>
            <p>
              A few thousand real rows and a script that trains in 15 seconds with plain Python. Nothing to install.
            </p>
            <Button disabled={sample.isPending} onPress={makeSample}>
              {sample.isPending ? 'Creating…' : 'Create sample project'}
            </Button>
          </div>
        </div>
        <ConnectScript />
        <RecentProjects />
        <CommandOffer />
      </div>
      <OpenFolderDialog open={asking} onClose={() => setAsking(false)} />
    </div>
  )
}

/** Says that projects may be missing below, and how they come back. */
function DamagedLists() {
  const damaged = useRead('projects.damagedLists', {})
  const [first, ...others] = damaged.data ?? []
  if (first === undefined) return null
  return (
    <p className={s.none} role="status">
      This list was damaged, and was put together again from what could be read. A project that is missing comes back
      with all its runs when you open its folder. What was damaged is kept as <code>{first}</code>
      {others.length > 0 ? ` and ${others.length} more` : ''}; delete it when nothing is missing.
    </p>
  )
}

function RecentProjects() {
  const recent = useRead('projects.recent', {})
  const inbox = useRead('projects.get', { project: 'inbox' })
  const now = useNow(60_000)
  // The Inbox is there for good; until something has arrived in it there is nothing to go to.
  const projects = (recent.data ?? []).filter((one) => !one.inbox || (inbox.data?.counts.runs ?? 0) > 0)
  return (
    <section className={s.recent} aria-label="Recent projects">
      <h2>Recent projects</h2>
      {recent.data !== undefined && projects.length === 0 ? (
        <p className={s.none}>None yet. Projects you open appear here.</p>
      ) : null}
      <DamagedLists />
      {projects.map((project) => (
        <a
          key={project.id}
          className={s.row}
          href={`#/p/${project.id}/runs`}
          aria-disabled={project.state === 'missing' || undefined}
        >
          <Icon name={project.inbox ? 'download' : 'folder'} size={14} />
          <span className={s.name}>{project.name}</span>
          <span className={s.folder}>
            {project.inbox ? 'Runs that arrived while no project was named' : project.folder}
          </span>
          <span className={s.when}>
            {project.state === 'missing' ? 'folder is gone' : formatRelativeTime(project.openedAt, now)}
          </span>
        </a>
      ))}
    </section>
  )
}
