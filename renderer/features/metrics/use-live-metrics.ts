import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RunDetail, SeriesSummary } from '#shared/contract/runs.ts'
import { createPacer, useFollow } from '#renderer/client/index.ts'

/** How often the charts of growing runs are asked again, at most; milliseconds. */
const EVERY = 250

/**
 * Keeps the charts of runs that train up to date, and the summaries on their pages. `runs` are those that may grow; none
 * follows nothing.
 */
export function useLiveMetrics(project: string, runs: readonly string[]): void {
  const queries = useQueryClient()
  const [pacer] = useState(() =>
    createPacer<string>(EVERY, (grown) => {
      void queries.invalidateQueries({
        predicate: ({ queryKey: [method, input] }) => readsPoints(method, input, grown),
      })
    }),
  )
  useFollow('metrics.watch', runs.length === 0 ? null : { project, runs }, ({ run, series }) => {
    queries.setQueriesData<RunDetail>(
      {
        predicate: ({ queryKey: [method, input] }) =>
          method === 'runs.get' && (input as { readonly run: string }).run === run,
      },
      (detail) => detail && { ...detail, metrics: withGrown(detail.metrics, series) },
    )
    pacer.add(run)
  })
}

function readsPoints(method: unknown, input: unknown, grown: readonly string[]): boolean {
  if (method !== 'metrics.levels' && method !== 'metrics.series') return false
  const { run, series = [] } = input as {
    readonly run?: string
    readonly series?: readonly { readonly run: string }[]
  }
  return run === undefined ? series.some((one) => grown.includes(one.run)) : grown.includes(run)
}

/** The summaries with newer ones in their place, those of new series at the end. */
export function withGrown(before: readonly SeriesSummary[], grown: readonly SeriesSummary[]): readonly SeriesSummary[] {
  const nameOf = ({ key, origin }: SeriesSummary): string => `${origin}/${key}`
  const byName = new Map(grown.map((summary) => [nameOf(summary), summary]))
  const known = new Set(before.map(nameOf))
  return [
    ...before.map((summary) => byName.get(nameOf(summary)) ?? summary),
    ...grown.filter((summary) => !known.has(nameOf(summary))),
  ]
}
