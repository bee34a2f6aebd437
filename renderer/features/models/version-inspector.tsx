import type { ModelVersionDetail, ModelVersionRow } from '#shared/contract/models.ts'
import { loadModelSnippet } from '#shared/domain/load-model.ts'
import { chooseNumberFormat, exactNumber, formatNumber } from '#shared/lib/format.ts'
import { formatDateTime } from '#shared/lib/format-time.ts'
import { useRead } from '#renderer/client/index.ts'
import type { FileOf } from '#renderer/features/artifacts/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Select } from '#renderer/ui/fields/select.tsx'
import { Pair, Pairs, Section } from '#renderer/ui/layout/section.tsx'
import { Markdown } from '#renderer/ui/markdown/markdown.tsx'
import { Chip } from '#renderer/ui/marks/chip.tsx'
import { MoreMenu } from '#renderer/ui/overlays/menu.tsx'
import { CodeBlock } from '#renderer/ui/states/code-block.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { TagChips } from './about-model.tsx'
import s from './models.module.css'
import { RunLink } from './run-link.tsx'
import { STAGES, stageWords } from './stage-words.ts'
import { useEdits } from './verbs/use-edits.ts'
import type { VersionVerbs } from './verbs/use-version-verbs.tsx'
import { menuOf } from './verbs/verb.ts'
import { VersionFiles } from './version-files.tsx'

const OPTIONS = STAGES.map((id) => ({ id, label: id === 'none' ? 'none' : stageWords[id] }))

export type VersionInspectorProps = {
  readonly project: string
  readonly name: string
  readonly row: ModelVersionRow
  readonly verbs: VersionVerbs
  readonly chosen: FileOf | null
  readonly onChoose: (file: FileOf) => void
}

/** One version: where it stands, what it is called, what it came from, its files, and how it is loaded. */
export function VersionInspector(props: VersionInspectorProps) {
  const { project, name, row, verbs } = props
  const { version } = row
  const { client, act } = useEdits(project)
  const read = useRead('models.version', { project, name, version }, { keepPrevious: true })
  const detail = read.data
  return (
    <div className={s.inspector}>
      <Section
        title={`Version ${version}`}
        action={<MoreMenu label={`More for version ${version}`} size="small" entries={menuOf(verbs.verbsOf(row))} />}
      >
        <Facts {...props} detail={detail} />
        {read.error === null ? null : <ErrorPanel title={read.error.message} logId={read.error.logId} />}
      </Section>
      <Section
        title="Aliases"
        action={
          <Button
            tone="link"
            onPress={() =>
              verbs
                .verbsOf(row)
                .find(({ id }) => id === 'alias')
                ?.run()
            }
          >
            Give an alias…
          </Button>
        }
      >
        {row.aliases.length === 0 ? (
          <p className="t3">None.</p>
        ) : (
          <div className={s.chips}>
            {row.aliases.map((alias) => (
              <Chip
                key={alias}
                name={`@${alias}`}
                onRemove={() => void act(client.removeAlias({ project, name, alias }), `Alias ${alias} removed`)}
              />
            ))}
          </div>
        )}
      </Section>
      <Section
        title="Description"
        action={
          <Button tone="link" onPress={() => verbs.ask({ kind: 'describe', version, description: row.description })}>
            {row.description === '' ? 'Describe…' : 'Edit…'}
          </Button>
        }
      >
        {row.description === '' ? <p className="t3">None.</p> : <Markdown text={row.description} className={s.words} />}
      </Section>
      <Section
        title="Tags"
        note={row.tags.length === 0 ? undefined : String(row.tags.length)}
        action={
          <Button tone="link" onPress={() => verbs.ask({ kind: 'tag', version })}>
            Tag…
          </Button>
        }
      >
        {row.tags.length === 0 ? (
          <p className="t3">None.</p>
        ) : (
          <TagChips
            tags={row.tags}
            onRemove={(key) => void act(client.removeTag({ project, name, version, key }), `Tag ${key} removed`)}
          />
        )}
      </Section>
      {detail === undefined ? null : <Measured metrics={detail.metrics} />}
      {detail === undefined ? null : (
        <VersionFiles project={project} detail={detail} chosen={props.chosen} onChoose={props.onChoose} />
      )}
      {detail === undefined ? null : <LoadIt project={project} name={name} row={row} location={detail.location} />}
    </div>
  )
}

/** Lines for a script or a notebook that knows nothing of this project yet. */
function LoadIt({
  project,
  name,
  row: { version, aliases },
  location,
}: Pick<VersionInspectorProps, 'project' | 'name' | 'row'> & { readonly location: string }) {
  const trackingUri = useRead('projects.get', { project }).data?.trackingUri
  if (trackingUri === undefined) return null
  return (
    <Section title="Load it">
      <CodeBlock
        label="Load this version"
        code={loadModelSnippet({ trackingUri, name, version, aliases, location })}
        language="python"
        wrap
      />
    </Section>
  )
}

function Facts({
  project,
  row,
  verbs,
  detail,
}: VersionInspectorProps & { readonly detail: ModelVersionDetail | undefined }) {
  return (
    <div className={s.facts}>
      <Pairs>
        <Pair label="Stage">
          <Select
            label="Stage"
            labelHidden
            size="small"
            className={s.stage}
            options={OPTIONS}
            value={row.stage}
            onChange={(stage) => verbs.moveTo(row, stage)}
          />
        </Pair>
        {row.state === 'ready' ? null : (
          <Pair label="Status" title={detail?.why ?? row.state}>
            <span className={row.state === 'failed' ? 'bad' : undefined}>
              {[row.state, detail?.why ?? ''].filter((part) => part !== '').join(', ')}
            </span>
          </Pair>
        )}
        <Pair label="Registered">{formatDateTime(row.createdAt, Date.now())}</Pair>
        {row.updatedAt === row.createdAt ? null : (
          <Pair label="Changed">{formatDateTime(row.updatedAt, Date.now())}</Pair>
        )}
        {row.run === null ? null : (
          <Pair label="From run" title={row.run.name || row.run.id}>
            <RunLink project={project} run={row.run} />
          </Pair>
        )}
        {row.type === null || row.type === '' ? null : <Pair label="Kind">{row.type}</Pair>}
        {row.user === null || row.user === '' ? null : <Pair label="By">{row.user}</Pair>}
        {detail === undefined ? null : (
          <Pair label="Made from" title={detail.source}>
            <span className="mono">{detail.source}</span>
          </Pair>
        )}
      </Pairs>
    </div>
  )
}

const MEASURED = 12

function Measured({ metrics }: { readonly metrics: ModelVersionDetail['metrics'] }) {
  const [first] = metrics
  if (first === undefined) return null
  // MLflow gives a logged model what its run had at one step, 0 unless told: the beginning of a curve, which must not pass for its end.
  const isOfOneStep = metrics.every(({ step }) => step === first.step)
  return (
    <Section title="Measured" note={isOfOneStep ? `${metrics.length}, ${atStep(first)}` : String(metrics.length)}>
      <Pairs>
        {metrics.slice(0, MEASURED).map(({ key, value, step, dataset }) => (
          <Pair
            key={`${key}/${dataset ?? ''}`}
            label={dataset === null ? key : `${key} on ${dataset}`}
            title={`${exactNumber(value)} ${atStep({ step })}`}
          >
            {formatNumber(value, chooseNumberFormat([value]))}
            {isOfOneStep ? null : <span className="t3"> {atStep({ step })}</span>}
          </Pair>
        ))}
      </Pairs>
      {metrics.length > MEASURED ? <p className="t3">and {metrics.length - MEASURED} more, in its run.</p> : null}
    </Section>
  )
}

function atStep({ step }: { readonly step: number }): string {
  return `at step ${step.toLocaleString('en')}`
}
