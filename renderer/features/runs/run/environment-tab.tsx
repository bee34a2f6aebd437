import { useState } from 'react'
import type { RunDetail } from '#shared/contract/runs.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Pair, Pairs, Section } from '#renderer/ui/layout/section.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import s from './run.module.css'

/** Machine, interpreter, packages and the variables that are kept. */
export function EnvironmentTab({ detail }: { readonly detail: RunDetail }) {
  const [search, setSearch] = useState('')
  const { python, host, environment } = detail
  if (python === null && host === null && environment === null)
    return <EmptyState title="The environment is not known">Nothing was captured around this run.</EmptyState>
  const matches = ([name]: readonly [string, string]): boolean => name.toLowerCase().includes(search.toLowerCase())
  const packages = Object.entries(python?.packages ?? {}).filter(matches)
  const variables = Object.entries(environment ?? {}).filter(matches)
  return (
    <div className={s.environment}>
      <div className={s.finder}>
        <SearchField label="Find a package or variable" value={search} onChange={setSearch} className={s.find} />
      </div>
      {host === null ? null : (
        <Section title="Machine">
          <div className={s.facts}>
            <Pairs>
              <Pair label="Name">{host.hostname}</Pair>
              <Pair label="System">{host.platform}</Pair>
              <Pair label="Processor">
                {host.cpu}, {host.cores} cores
              </Pair>
              <Pair label="Memory">{formatBytes(host.memory)}</Pair>
              {host.gpus.map((gpu, index) => (
                <Pair key={index} label={`GPU ${index}`}>
                  {gpu}
                </Pair>
              ))}
            </Pairs>
          </div>
        </Section>
      )}
      {python === null ? null : (
        <Section title="Python" note={`${python.implementation} ${python.version}`}>
          <p className="mono t2">{python.executable}</p>
          <dl className={s.columns}>
            {packages.map(([name, version]) => (
              <div key={name} className={s.package}>
                <dt className="t2 cut" title={name}>
                  {name}
                </dt>
                <dd className="num">{version}</dd>
              </div>
            ))}
          </dl>
          {packages.length === 0 ? <p className="s12 t3">No package has that name.</p> : null}
        </Section>
      )}
      {variables.length === 0 ? null : (
        <Section title="Variables" note={`${variables.length} kept, secrets masked`}>
          <dl className={s.variables}>
            {variables.map(([name, value]) => (
              <Variable key={name} name={name} value={value} />
            ))}
          </dl>
        </Section>
      )}
      {detail.configFiles.length === 0 ? null : (
        <Section title="Configuration files" note={String(detail.configFiles.length)}>
          <Pairs>
            {detail.configFiles.map(({ path, size }) => (
              <Pair key={path} label={path}>
                {formatBytes(size)}
              </Pair>
            ))}
          </Pairs>
        </Section>
      )}
    </div>
  )
}

function Variable({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt className="mono cut" title={name}>
        {name}
      </dt>
      <dd className="mono">{value}</dd>
    </>
  )
}
