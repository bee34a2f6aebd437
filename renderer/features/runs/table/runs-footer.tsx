import { Button } from '#renderer/ui/buttons/button.tsx'
import { Kbd } from '#renderer/ui/keys/kbd.tsx'
import { MoreMenu } from '#renderer/ui/overlays/menu.tsx'
import { type RunVerb, verbEntries, type VerbTarget } from '../verbs/run-verb.ts'
import s from './runs-screen.module.css'

export type RunsFooterProps = {
  readonly drawn: number
  readonly total: number
  readonly noun: string
  /** The selection; undefined while nothing is selected. */
  readonly target: VerbTarget | undefined
  readonly verbs: readonly RunVerb[]
  readonly onClear: () => void
}

/** Verbs that have a button of their own; the others are in the menu behind them. */
const BUTTONS = ['archive', 'unarchive', 'restore', 'compare']

/** Counts what is drawn, and holds the selection's verbs. */
export function RunsFooter({ drawn, total, noun, target, verbs, onClear }: RunsFooterProps) {
  const buttons = verbs.filter(({ id, fits }) => BUTTONS.includes(id) && target !== undefined && fits(target))
  const compare = verbs.find(({ id }) => id === 'compare')
  return (
    <div className={s.foot} role="group" aria-label="Selection">
      {target === undefined ? (
        <>
          <span className="num">
            {drawn} of {total.toLocaleString('en')} {noun} drawn
          </span>
          <span className={s.grow} />
          <span className="t3">Select rows with</span>
          <Kbd keys="x" />
          <Button size="small" icon="compare" disabled>
            {compare?.label}
          </Button>
        </>
      ) : (
        <>
          <span className="num">{target.runs.length.toLocaleString('en')} selected</span>
          <Button size="small" tone="link" onPress={onClear}>
            Clear
          </Button>
          <span className={s.grow} />
          <MoreMenu label="More for the selected runs" size="small" entries={verbEntries(verbs, target)} />
          {buttons.toReversed().map((verb) => (
            <Button key={verb.id} size="small" icon={verb.icon} keys={verb.keys} onPress={() => verb.run(target)}>
              {verb.label}
            </Button>
          ))}
        </>
      )}
    </div>
  )
}
