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
      <SearchField label="Find a package or variable" value={search} onChange={setSearch} className={s.find} />
      {host === null ? null : (
        <Section title="Machine">
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
        </Section>
      )}
      {python === null ? null : (
        <Section title="Python" note={`${python.implementation} ${python.version}`}>
          <p className="mono t2">{python.executable}</p>
          <div className={s.columns}>
            {packages.map(([name, version]) => (
              <Pair key={name} label={name}>
                {version}
              </Pair>
            ))}
          </div>
          {packages.length === 0 ? <p className="s12 t3">No package has that name.</p> : null}
        </Section>
      )}
      {variables.length === 0 ? null : (
        <Section title="Variables" note={`${variables.length} kept, secrets masked`}>
          <Pairs>
            {variables.map(([name, value]) => (
              <Pair key={name} label={name}>
                {value}
              </Pair>
            ))}
          </Pairs>
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
