import type { Elsewhere } from '#shared/contract/artifacts.ts'
import { CopyButton } from '#renderer/ui/buttons/copy-button.tsx'
import { cx } from '#renderer/ui/cx.ts'
import s from './artifacts.module.css'

const WORDS = {
  there: 'Referenced, not copied: shown from where they lie. Nothing is changed or deleted there.',
  gone: 'Only what was added here is shown. The other files were left in a folder that is not there now:',
  remote: 'Kept in a store that only its own client reads:',
} as const

/** Says where files lie that are not the project's own. */
export function ElsewhereLine({ elsewhere }: { readonly elsewhere: Elsewhere }) {
  const { location, state } = elsewhere
  return (
    <div className={s.elsewhere}>
      <span className={cx(state === 'gone' && 'bad')}>{WORDS[state]}</span>
      <span className={s.location}>
        <code className="mono">{location}</code>
        <CopyButton icon text={location} label={state === 'remote' ? 'Copy address' : 'Copy path'} size="small" />
      </span>
    </div>
  )
}
