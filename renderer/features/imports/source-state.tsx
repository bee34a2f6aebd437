import type { ImportedSource } from '#shared/contract/imports.ts'
import { formatDuration, formatRelativeTime } from '#shared/lib/format-time.ts'
import { useNow } from '#renderer/lib/use-now.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { StateWord } from '#renderer/ui/marks/pill.tsx'
import { count } from './import-words.ts'
import s from './imports.module.css'

export type SourceStateProps = {
  readonly source: ImportedSource
  readonly onTry: () => void
  /** Asks for another token. */
  readonly onToken: () => void
}

/** What stands in the way of a source: it can't be found, or could not be read and is tried again by itself. Nothing while all is well. */
export function SourceState({ source, onTry, onToken }: SourceStateProps) {
  const { missingSince, referenced, retry } = source
  const now = useNow(retry === null ? 60_000 : 1_000)
  if (missingSince !== null)
    return (
      <p className={s.missing}>
        <StateWord state="warn">
          Not found since {formatRelativeTime(missingSince, now)}.
          {referenced === 0
            ? ' What came from it is here.'
            : ` The files of ${count(referenced, 'run or model', 'runs and models')} were left there.`}
        </StateWord>
      </p>
    )
  if (retry === null) return null
  return (
    <p className={s.missing}>
      <StateWord state="warn">
        {`Could not be read${retry.failures === 1 ? '' : `, ${count(retry.failures, 'time')} in a row`}. ${nextWords(retry.at - now)}`}
      </StateWord>
      <Button tone="link" onPress={onTry}>
        Try now
      </Button>
      {source.kind === 'mlflow-server' ? (
        <Button tone="link" onPress={onToken}>
          {source.tokenKept ? 'Give another token…' : 'Give a token…'}
        </Button>
      ) : null}
    </p>
  )
}

function nextWords(inMs: number): string {
  return inMs < 1_000
    ? 'It is being tried again.'
    : `It is tried again in ${formatDuration(Math.floor(inMs / 1_000) * 1_000)}.`
}
