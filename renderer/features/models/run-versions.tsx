import type { RunVersion } from '#shared/contract/models.ts'
import { formatAgo, formatDateTime } from '#shared/lib/format-time.ts'
import { useRead } from '#renderer/client/index.ts'
import { printRoute } from '#renderer/lib/routes.ts'
import { useNow } from '#renderer/lib/use-now.ts'
import { Section } from '#renderer/ui/layout/section.tsx'
import { Tag } from '#renderer/ui/marks/pill.tsx'
import s from './models.module.css'
import { stageWords } from './stage-words.ts'

/** Versions that were registered from a run, as a part of its inspector; nothing where there are none. */
export function RunVersions({ project, run }: { readonly project: string; readonly run: string }) {
  const versions = useRead('models.ofRun', { project, run }, { keepPrevious: true }).data ?? []
  const now = useNow(60_000)
  if (versions.length === 0) return null
  return (
    <Section title="Registered" note={versions.length === 1 ? undefined : String(versions.length)}>
      <ul className={s.versions}>
        {versions.map((version) => (
          <li key={`${version.name}/${version.version}`}>
            <VersionLink project={project} version={version} />
            <span className={s.versionMarks}>
              {version.aliases.map((alias) => (
                <Tag key={alias}>
                  <span className="mono">@{alias}</span>
                </Tag>
              ))}
              {version.stage === 'none' ? null : (
                <span className={version.stage === 'archived' ? 't3' : 't2'}>{stageWords[version.stage]}</span>
              )}
            </span>
            <span className="t3" title={formatDateTime(version.createdAt, now)}>
              {formatAgo(version.createdAt, now)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What a logged model of a run was registered as; nothing where it was not. */
export function ModelVersions(props: { readonly project: string; readonly run: string; readonly model: string }) {
  const { project, run, model } = props
  const read = useRead('models.ofRun', { project, run }, { keepPrevious: true })
  const versions = (read.data ?? []).filter(({ loggedModel }) => loggedModel === model)
  if (versions.length === 0) return null
  return (
    <p className={s.registeredAs}>
      <span className="t3">Registered as</span>
      {versions.map((version) => (
        <VersionLink key={`${version.name}/${version.version}`} project={project} version={version} />
      ))}
    </p>
  )
}

function VersionLink({
  project,
  version: { name, version },
}: {
  readonly project: string
  readonly version: RunVersion
}) {
  return (
    <a
      className={s.versionLink}
      href={printRoute({ screen: 'model', project, name, version })}
      title={`${name} version ${version}`}
    >
      <span className="cut">{name}</span> <span className="num">v{version}</span>
    </a>
  )
}
