import { useCallback, useEffect, useRef, useState } from 'react'
import type { ExportReport } from '#shared/contract/exports.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { AppError } from '#shared/rpc/errors.ts'
import { useClient } from '#renderer/client/index.ts'
import { useToasts } from '#renderer/ui/states/toasts.tsx'

export type ExportState =
  | { readonly at: 'asking'; readonly problem: string | null }
  | { readonly at: 'running'; readonly words: string; readonly share: number | undefined }
  | { readonly at: 'done'; readonly report: ExportReport }

export type Wanted = {
  readonly project: string
  readonly format: 'mlflow'
  readonly target: string
  readonly artifacts: boolean
  readonly runs?: readonly string[]
}

type Running = { readonly project: string; readonly job: string }

const LOOKING = 'Looking at what there is'
const PHASES = { runs: 'runs', artifacts: 'folders', models: 'models' } as const

/** Begins an export and follows it. One that runs goes on when the dialog is closed; a toast then says how it ended. */
export function useExport(): {
  readonly state: ExportState
  readonly start: (wanted: Wanted) => void
  readonly cancel: () => void
} {
  const client = useClient()
  const toasts = useToasts()
  const [state, setState] = useState<ExportState>({ at: 'asking', problem: null })
  const shown = useRef(true)
  const running = useRef<Running | null>(null)
  useEffect(() => {
    shown.current = true
    return () => void (shown.current = false)
  }, [])

  const follow = useCallback(
    async (wanted: Wanted): Promise<void> => {
      try {
        const { job } = await client.exports.start(wanted)
        running.current = { project: wanted.project, job }
        for await (const event of client.exports.follow({ project: wanted.project, job })) {
          if (event.type === 'progress') {
            const { phase, done, total, bytes } = event
            const counted = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${PHASES[phase]}`
            setState({
              at: 'running',
              words: total === 0 ? LOOKING : bytes === 0 ? counted : `${counted}, ${formatBytes(bytes)}`,
              share: total === 0 ? undefined : done / total,
            })
          } else if (shown.current) setState({ at: 'done', report: event.report })
          else toasts.show({ text: `Exported to ${event.report.target}`, state: 'done' })
        }
      } catch (error) {
        const isCancelled = error instanceof AppError && error.code === 'cancelled'
        const problem = error instanceof Error ? error.message : String(error)
        if (shown.current) setState({ at: 'asking', problem: isCancelled ? null : problem })
        else if (!isCancelled) toasts.show({ text: problem, state: 'bad' })
      } finally {
        running.current = null
      }
    },
    [client, toasts],
  )
  return {
    state,
    start: (wanted) => {
      setState({ at: 'running', words: LOOKING, share: undefined })
      void follow(wanted)
    },
    cancel: () => {
      if (running.current !== null) void client.exports.cancel(running.current).catch(() => {})
    },
  }
}
