import { useEffect, useState } from 'react'
import { useRead } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { WorkLine } from '#renderer/ui/marks/progress.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import s from './imports.module.css'
import { ImportHistory } from './import-history.tsx'
import { LocationForm } from './location-form.tsx'
import { PlanView } from './plan-view.tsx'
import { progressShare, progressWords } from './progress-words.ts'
import { SourceRow } from './source-row.tsx'
import { useInspect } from './use-inspect.ts'

export type ImportScreenProps = {
  readonly project: string
  /** A place that was dropped on the window: it is looked at at once. */
  readonly from: string | undefined
}

/** Takes in what other trackers hold: choose a place, see what would come, begin; and the sources that are known. */
export function ImportScreen({ project, from }: ImportScreenProps) {
  const [location, setLocation] = useState(from ?? '')
  const [token, setToken] = useState('')
  const { inspection, look, clear } = useInspect(project)
  const sources = useRead('imports.list', { project })
  // What was dropped is looked at once; the address then no longer says so, and Back does not look again.
  useEffect(() => {
    if (from === undefined) return
    setLocation(from)
    look(from, '')
    navigate({ screen: 'import', project }, { replace: true })
  }, [from])
  const change = (next: string): void => {
    setLocation(next)
    clear()
  }
  return (
    <div className={s.screen}>
      <div className={s.column}>
        <LocationForm
          location={location}
          onLocation={change}
          token={token}
          onToken={setToken}
          busy={inspection.state === 'looking'}
          onLook={(place) => look(place, token)}
        />
        {inspection.state === 'looking' ? (
          <WorkLine
            label="Looking"
            share={inspection.progress === null ? undefined : progressShare(inspection.progress)}
            onCancel={clear}
          >
            {inspection.progress === null ? 'Looking…' : progressWords(inspection.progress)}
          </WorkLine>
        ) : null}
        {inspection.state === 'failed' ? (
          <ErrorPanel
            title={inspection.message}
            action={{ label: 'Look again', onPress: () => look(location.trim(), token) }}
          >
            {inspection.hint}
          </ErrorPanel>
        ) : null}
        {inspection.state === 'planned' ? (
          <PlanView
            project={project}
            plan={inspection.plan}
            token={inspection.token}
            onStarted={() => {
              change('')
              setToken('')
            }}
          />
        ) : null}
        {sources.error === null ? null : <ErrorPanel title={sources.error.message} logId={sources.error.logId} />}
        {sources.data === undefined || sources.data.length === 0 ? null : (
          <section className={s.sources} aria-labelledby="known-sources">
            <h2 id="known-sources">Imported from</h2>
            <ul>
              {sources.data.map((source) => (
                <SourceRow key={source.source} project={project} source={source} />
              ))}
            </ul>
          </section>
        )}
        {sources.data === undefined ? null : <ImportHistory project={project} sources={sources.data} />}
      </div>
    </div>
  )
}
