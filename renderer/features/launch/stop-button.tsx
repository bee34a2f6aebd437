import { Button, type ButtonSize } from '#renderer/ui/buttons/button.tsx'
import { type Stop, useStop } from './use-stop.ts'

/** What pressing again does, by the signal that was sent. */
const NEXT = { SIGINT: 'Insist', SIGTERM: 'Kill', SIGKILL: 'Kill' } as const
const SENT = {
  SIGINT: 'Interrupted as Ctrl-C would; pressing again asks it to end',
  SIGTERM: 'Asked to end; pressing again kills it',
  SIGKILL: 'Killed; its processes are going',
} as const

export type StopButtonProps = {
  readonly stop: Stop
  /** It waits in the queue: there is nothing to interrupt. */
  readonly queued: boolean
  readonly size?: ButtonSize | undefined
  readonly keys?: string | undefined
}

/** Stop, then what pressing again does and when it happens by itself. */
export function StopButton({ stop, queued, size, keys }: StopButtonProps) {
  const { press, pending, signal, left } = stop
  if (signal === null) {
    return (
      <Button size={size} icon={queued ? 'close' : 'stop'} keys={keys} disabled={pending} onPress={press}>
        {queued ? 'Take out of the queue' : 'Stop'}
      </Button>
    )
  }
  return (
    <Button size={size} icon="stop" tone="danger" hint={SENT[signal]} disabled={pending} onPress={press}>
      {left === null ? 'Stopping…' : `${NEXT[signal]} (${left} s)`}
    </Button>
  )
}

/** A stop button on its own, for a list of runs. */
export function RunStopButton({
  project,
  run,
  queued,
}: {
  readonly project: string
  readonly run: string
  readonly queued: boolean
}) {
  return <StopButton stop={useStop(project, run)} queued={queued} size="small" />
}
