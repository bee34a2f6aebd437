import { useState } from 'react'
import { joinCommand } from '#shared/domain/command-words.ts'
import type { Changed, RunDetail } from '#shared/contract/runs.ts'
import { chooseNumberFormat, formatNumber } from '#shared/lib/format.ts'
import { formatDateTime, formatDuration, formatRelativeTime } from '#shared/lib/format-time.ts'
import { useRead } from '#renderer/client/index.ts'
import { RunVersions } from '#renderer/features/models/index.ts'
import { printRoute } from '#renderer/lib/routes.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Pair, Pairs, Section } from '#renderer/ui/layout/section.tsx'
import { DeltaBadge } from '#renderer/ui/marks/delta-badge.tsx'
import { StateWord, Tag } from '#renderer/ui/marks/pill.tsx'
import { RunKey } from '#renderer/ui/marks/run-key.tsx'
import { runStatusLook } from '#renderer/ui/marks/run-status.ts'
import { CodeBlock } from '#renderer/ui/states/code-block.tsx'
import { useNow } from '#renderer/lib/use-now.ts'
import { byMetricRank } from './headline.ts'
import s from './run.module.css'

const PARAMS = 12

/** Beside every tab: what was registered from it, what changed since the previous run, parameters, tags, how it was launched. */
export function RunInspector({ detail }: { readonly detail: RunDetail }) {
  return (
    <div className={s.inspector}>
      <RunVersions project={detail.project} run={detail.id} />
      <ChangedSection detail={detail} />
      <ParameterSection detail={detail} />
      {detail.models.length === 0 ? null : (
        <Section title="Models" note={String(detail.models.length)}>
          <Pairs>
            {detail.models.map((model) => (
              <Pair key={model.id} label={model.name}>
                {model.type ?? model.status}
              </Pair>
            ))}
          </Pairs>
        </Section>
      )}
      {detail.datasets.length === 0 ? null : (
        <Section title="Datasets" note={String(detail.datasets.length)}>
          <Pairs>
            {detail.datasets.map(({ name, digest, context }) => (
              <Pair key={`${name}/${digest}`} label={name}>
                {context ?? digest}
              </Pair>
            ))}
          </Pairs>
        </Section>
      )}
      <LaunchSection detail={detail} />
      <FamilySection detail={detail} />
    </div>
  )
}

const PARAMS_CHANGED = 10
const PACKAGES_CHANGED = 5
const METRICS_AGAINST = 8

function ChangedSection({ detail: { project, id } }: { readonly detail: RunDetail }) {
  const { data } = useRead('runs.changed', { project, run: id }, { keepPrevious: true })
  const now = useNow(60_000)
  if (data === undefined) return null
  const { previous } = data
  if (previous === null) {
    return (
      <Section title="First run of this script">
        <p className="t3">From the next one on, what changed stands here.</p>
      </Section>
    )
  }
  const when = previous.startedAt === null ? '' : `, ${formatRelativeTime(previous.startedAt, now)}`
  return (
    <Section
      title={`Changed since ${previous.name}`}
      action={<a href={printRoute({ screen: 'compare', project, runs: [previous.id, id] })}>Open difference</a>}
    >
      <p className={s.before}>
        The run of this script before{when}, {runStatusLook[previous.status].word}
      </p>
      <Changes changed={data} />
      <Against numbers={data.metrics.toSorted(byMetricRank).slice(0, METRICS_AGAINST)} previous={previous.name} />
    </Section>
  )
}

function Changes({ changed }: { readonly changed: Changed }) {
  const { params, code, packages, dataFiles } = changed
  const more = params.length - PARAMS_CHANGED
  return (
    <dl className={s.changes}>
      {params.slice(0, PARAMS_CHANGED).map(({ key, before, now }) => (
        <Change key={key} label={key}>
          <span className="t3">{before ?? 'not set'} →</span> <span className="w5">{now ?? 'not set'}</span>
        </Change>
      ))}
      {more > 0 ? <Change label="Parameters">and {more} more</Change> : null}
      {params.length === 0 ? <Same label="Parameters" count={changed.sameParams} /> : null}
      <Change label="Code">
        {code === null ? (
          <span className="t3">not known</span>
        ) : code.added + code.removed === 0 ? (
          <span className="t3" title={code.why ?? undefined}>
            same
          </span>
        ) : (
          <>
            <span className="ok">+{code.added}</span> <span className="bad">−{code.removed}</span> in {code.files}{' '}
            {code.files === 1 ? 'file' : 'files'}
          </>
        )}
      </Change>
      {packages.slice(0, PACKAGES_CHANGED).map(({ name, before, now }) => (
        <Change key={name} label={name}>
          <span className="t3">{before ?? 'absent'} →</span> {now ?? 'absent'}
        </Change>
      ))}
      {packages.length > PACKAGES_CHANGED ? (
        <Change label="Packages">and {packages.length - PACKAGES_CHANGED} more</Change>
      ) : null}
      {packages.length === 0 ? <Same label="Packages" count={changed.samePackages} /> : null}
      {dataFiles.map(({ path, what }) => (
        <Change key={path} label={path}>
          {what}
        </Change>
      ))}
      {dataFiles.length === 0 && changed.sameDataFiles > 0 ? <Same label="Data" count={changed.sameDataFiles} /> : null}
    </dl>
  )
}

function Change({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt title={label}>{label}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Same({ label, count }: { readonly label: string; readonly count: number }) {
  return (
    <Change label={label}>
      <span className="t3">{count === 0 ? 'not known' : `same, ${count}`}</span>
    </Change>
  )
}

function Against({ numbers, previous }: { readonly numbers: Changed['metrics']; readonly previous: string }) {
  if (numbers.length === 0) return null
  const [first] = numbers
  const sameStep = numbers.every(({ step }) => step === first?.step)
  return (
    <table className={s.against}>
      <thead>
        <tr>
          <th scope="col">{sameStep ? `At step ${first?.step.toLocaleString('en') ?? ''}` : 'At the same step'}</th>
          <th scope="col" className="cut" title={previous}>
            before
          </th>
          <th scope="col">now</th>
          <th scope="col">change</th>
        </tr>
      </thead>
      <tbody>
        {numbers.map(({ key, before, now, goal }) => {
          const format = chooseNumberFormat([before, now])
          return (
            <tr key={key}>
              <th scope="row" className="cut" title={key}>
                {key}
              </th>
              <td className="num">{formatNumber(before, format)}</td>
              <td className="num">{formatNumber(now, format)}</td>
              <td className="num">
                <DeltaBadge delta={now - before} goal={goal} format={format} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function ParameterSection({ detail }: { readonly detail: RunDetail }) {
  const [all, setAll] = useState(false)
  const [search, setSearch] = useState('')
  // One line a key: what the script logged wins, a captured value that says otherwise is marked.
  const byKey = Map.groupBy(detail.params, ({ key }) => key)
  const found = [...byKey].filter(([key]) => key.toLowerCase().includes(search.toLowerCase()))
  const shown = all ? found : found.slice(0, PARAMS)
  return (
    <Section title="Parameters" note={String(byKey.size)}>
      {byKey.size > PARAMS ? (
        <SearchField label="Find a parameter" size="small" value={search} onChange={setSearch} />
      ) : null}
      {byKey.size === 0 ? <p className="s12 t3">None were logged or found in its command.</p> : null}
      <Pairs>
        {shown.map(([key, values]) => {
          const logged = values.find(({ origin }) => origin === 'logged')
          const captured = values.find(({ origin }) => origin === 'captured')
          const main = logged ?? captured
          const conflict =
            logged !== undefined &&
            captured !== undefined &&
            logged.value !== captured.value &&
            Number(logged.value) !== Number(captured.value)
          return (
            <Pair
              key={key}
              label={key}
              title={`${main?.value ?? ''}${main?.source === null ? '' : `, from ${main?.source ?? ''}`}`}
            >
              {main?.value === '' ? <i className="t3">empty</i> : main?.value}
              {conflict ? <span className="warn s11"> given as {captured.value}</span> : null}
            </Pair>
          )
        })}
      </Pairs>
      {found.length > shown.length ? (
        <Button tone="link" onPress={() => setAll(true)}>
          Show {found.length - shown.length} more
        </Button>
      ) : null}
    </Section>
  )
}

function LaunchSection({ detail }: { readonly detail: RunDetail }) {
  const { git, python, host } = detail
  return (
    <Section title="Launch">
      {detail.command === null ? null : (
        <CodeBlock label="Command" code={joinCommand(detail.command)} wrap className={s.command} />
      )}
      <Pairs>
        {detail.startedAt === null ? null : <Pair label="Started">{formatDateTime(detail.startedAt, Date.now())}</Pair>}
        {detail.startedAt === null || detail.endedAt === null ? null : (
          <Pair label="Took">{formatDuration(detail.endedAt - detail.startedAt)}</Pair>
        )}
        {detail.ending === null || ['finished', 'failed', 'lost'].includes(detail.status) ? null : (
          <Pair label="Ended">{detail.ending}</Pair>
        )}
        {detail.exitSignal === null && (detail.exitCode === null || detail.exitCode === 0) ? null : (
          <Pair label="Exit">{detail.exitSignal ?? `code ${detail.exitCode}`}</Pair>
        )}
        {detail.attempts > 1 ? <Pair label="Attempts">{detail.attempts}</Pair> : null}
        <Pair label="Experiment">{detail.experiment.name}</Pair>
        {git === null ? null : (
          <Pair label="Commit" title={git.commit ?? ''}>
            <span className="mono">{git.commit?.slice(0, 8) ?? 'none'}</span>
            {git.branch === null ? '' : ` on ${git.branch}`}
            {git.files === 0 ? '' : ` + ${git.files} ${git.files === 1 ? 'file' : 'files'}`}
          </Pair>
        )}
        {python === null ? null : (
          <Pair label="Python">
            {python.version}, {Object.keys(python.packages).length} packages
          </Pair>
        )}
        {host === null ? null : <Pair label="Machine">{[host.hostname, ...host.gpus].join(', ')}</Pair>}
        {Object.entries(detail.seeds).map(([name, seed]) => (
          <Pair key={name} label={name === 'seed' ? 'Seed' : `Seed of ${name}`}>
            {seed}
          </Pair>
        ))}
        {detail.loggedElsewhere === null ? null : <Pair label="Logged to">{detail.loggedElsewhere}</Pair>}
      </Pairs>
      {detail.tags.length === 0 ? null : (
        <div className={s.tags}>
          {detail.tags
            .filter(({ key }) => !key.startsWith('mlflow.'))
            .map(({ key, value }) => (
              <Tag key={key}>{value === '' ? key : `${key} ${value}`}</Tag>
            ))}
        </div>
      )}
    </Section>
  )
}

function FamilySection({ detail }: { readonly detail: RunDetail }) {
  if (detail.parent === null && detail.children.length === 0) return null
  return (
    <Section
      title={detail.parent === null ? 'Runs inside it' : 'Part of'}
      note={detail.parent === null ? String(detail.children.length) : undefined}
    >
      {detail.parent === null ? null : (
        <a href={printRoute({ screen: 'run', project: detail.project, run: detail.parent.id })}>{detail.parent.name}</a>
      )}
      {detail.children.map((child) => (
        <div key={child.id} className="row s12" style={{ minHeight: 24 }}>
          <RunKey number={child.number} />
          <a className="cut" href={printRoute({ screen: 'run', project: detail.project, run: child.id })}>
            {child.name}
          </a>
          {child.status === 'finished' ? null : (
            <StateWord state={runStatusLook[child.status].mark}>{runStatusLook[child.status].word}</StateWord>
          )}
        </div>
      ))}
    </Section>
  )
}
