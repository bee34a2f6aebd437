import type { LaunchPreview } from '#shared/contract/launch.ts'
import { joinCommand } from '#shared/domain/command-words.ts'
import { CodeBlock } from '#renderer/ui/states/code-block.tsx'
import s from './launch.module.css'

/** What will run, exactly: the command, the folder, and each variable that differs from the login shell's. */
export function LaunchPreviewPane({ preview }: { readonly preview: LaunchPreview }) {
  const others = preview.problems.filter(({ field }) => field === null)
  return (
    <section className={s.preview} aria-label="What will run">
      <h3 className="s12 w6 t1">What will run</h3>
      {others.map(({ message }) => (
        <p key={message} className="s12 bad">
          {message}
        </p>
      ))}
      {preview.tracking.map(({ name, value, where }) => (
        <p key={name} className="s12 warn">
          {name} is {value} in {where}: what the script logs goes there. Its output and what surrounds it is kept here.
        </p>
      ))}
      <CodeBlock label="Command" code={joinCommand(preview.command)} wrap />
      <p className="s11 t3">
        in {preview.folder}
        {preview.git === null
          ? ''
          : `, on ${preview.git.branch ?? 'a detached commit'}${preview.git.uncommitted === 0 ? '' : ` with ${preview.git.uncommitted} uncommitted ${preview.git.uncommitted === 1 ? 'file' : 'files'}`}`}
      </p>
      {preview.environment.length === 0 ? null : (
        <details>
          <summary className="s11 t2">
            {preview.environment.length} {preview.environment.length === 1 ? 'variable is' : 'variables are'} set
          </summary>
          <dl className={s.variables}>
            {preview.environment.map(({ name, value, before }) => (
              <div key={name}>
                <dt className="mono">{name}</dt>
                <dd className="mono cut" title={value}>
                  {value}
                  {before === null ? null : <span className="t3"> was {before}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  )
}
