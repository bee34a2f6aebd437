import { useEffect, useState } from 'react'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'

const NEXT = { SIGINT: 'Insist', SIGTERM: 'Kill', SIGKILL: 'Kill' } as const

/** Stop: an interrupt first, counted down to the next signal; pressed again it insists at once. */
export function StopButton({
  project,
  run,
  queued,
}: {
  readonly project: string
  readonly run: string
  readonly queued: boolean
}) {
  const toasts = useToasts()
  const stop = useWrite('launch.stop')
  const state = useRead('launch.stopState', { project, run })
  const stopping = state.data ?? null
  const left = useCountdown(stopping?.nextAt ?? null)
  const press = (): void =>
    stop.mutate({ project, run }, { onError: (error) => void toasts.show({ text: error.message, state: 'bad' }) })
  if (stopping === null) {
    return (
      <Button size="small" icon={queued ? 'close' : 'stop'} disabled={stop.isPending} onPress={press}>
        {queued ? 'Take out' : 'Stop'}
      </Button>
    )
  }
  return (
    <Button
      size="small"
      icon="stop"
      tone="danger"
      hint={`${stopping.signal} was sent`}
      disabled={stop.isPending}
      onPress={press}
    >
      {left === null ? 'Stopping…' : `${NEXT[stopping.signal]} (${left} s)`}
    </Button>
  )
}

function useCountdown(until: number | null): number | null {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (until === null) return undefined
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [until])
  return until === null ? null : Math.max(0, Math.ceil((until - now) / 1_000))
}
