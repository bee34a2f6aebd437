import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useFollow } from '#renderer/client/index.ts'

/** How often the charts of growing runs are asked again, at most; milliseconds. */
const EVERY = 250

/** Keeps the charts of runs that train up to date. `runs` are those that may grow; none follows nothing. */
export function useLiveMetrics(project: string, runs: readonly string[]): void {
  const queries = useQueryClient()
  const pending = useRef({ timer: 0, runs: new Set<string>() })
  useFollow('metrics.watch', runs.length === 0 ? null : { project, runs }, ({ run }) => {
    const waiting = pending.current
    waiting.runs.add(run)
    if (waiting.timer !== 0) return
    waiting.timer = window.setTimeout(() => {
      const grown = waiting.runs
      waiting.runs = new Set()
      waiting.timer = 0
      void queries.invalidateQueries({
        predicate: ({ queryKey: [method, input] }) => {
          if (method !== 'metrics.levels' && method !== 'metrics.series') return false
          const asked = input as {
            readonly project: string
            readonly run?: string
            readonly series?: readonly { readonly run: string }[]
          }
          if (asked.project !== project) return false
          return asked.run === undefined
            ? (asked.series ?? []).some((series) => grown.has(series.run))
            : grown.has(asked.run)
        },
      })
    }, EVERY)
  })
}
