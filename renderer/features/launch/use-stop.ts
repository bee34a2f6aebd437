import { useRead, useWrite } from '#renderer/client/index.ts'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { useNow } from '#renderer/lib/use-now.ts'

export type Stop = {
  /** The first press interrupts, further ones insist. */
  readonly press: () => void
  readonly pending: boolean
  /** The last signal that was sent; null while nobody has stopped it. */
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | null
  /** Seconds until the next signal follows by itself; null after the last. */
  readonly left: number | null
}

/** Stops a run: an interrupt first, counted down to the next signal. */
export function useStop(project: string, run: string): Stop {
  const toasts = useToasts()
  const write = useWrite('launch.stop')
  const state = useRead('launch.stopState', { project, run }).data ?? null
  return {
    press: () =>
      write.mutate({ project, run }, { onError: (error) => void toasts.show({ text: error.message, state: 'bad' }) }),
    pending: write.isPending,
    signal: state?.signal ?? null,
    left: useCountdown(state?.nextAt ?? null),
  }
}

function useCountdown(until: number | null): number | null {
  const now = useNow(until === null ? null : 250)
  return until === null ? null : Math.max(0, Math.ceil((until - now) / 1_000))
}
