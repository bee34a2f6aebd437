import type { RunVerbs } from '../run-verbs.tsx'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { MoreMenu } from '#renderer/ui/overlays/menu.tsx'
import s from './runs-screen.module.css'

export type RunsFooterProps = {
  readonly drawn: number
  readonly total: number
  readonly noun: string
  readonly selected: readonly string[]
  readonly verbs: RunVerbs
  readonly onClear: () => void
}

/** Counts what is drawn, and holds the selection's verbs. */
export function RunsFooter({ drawn, total, noun, selected, verbs, onClear }: RunsFooterProps) {
  return (
    <div className={s.foot}>
      {selected.length === 0 ? (
        <>
          <span>
            {drawn} of {total.toLocaleString('en')} {noun} drawn
          </span>
          <span className={s.grow} />
          <span className="t3">
            Select rows with <kbd className="mono">x</kbd>
          </span>
        </>
      ) : (
        <>
          <span>{selected.length.toLocaleString('en')} selected</span>
          <Button size="small" tone="ghost" onPress={onClear}>
            Clear
          </Button>
          <span className={s.grow} />
          <MoreMenu label="More for the selected runs" entries={verbs.entries(selected)} />
        </>
      )}
      <Button
        size="small"
        icon="compare"
        keys="c"
        disabled={selected.length < 2}
        onPress={() => verbs.compare(selected)}
      >
        Compare
      </Button>
    </div>
  )
}
