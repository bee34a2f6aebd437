import { useEffect, useState } from 'react'
import type { LogLine } from '#shared/contract/launch.ts'
import type { AppError } from '#shared/rpc/errors.ts'
import { useClient, useFollow } from '#renderer/client/index.ts'

/** Lines a request. */
const PAGE = 500

export type LogLines = {
  readonly total: number
  readonly ranks: readonly number[]
  readonly error: AppError | null
  /** False until the first answer. */
  readonly loaded: boolean
  readonly line: (number: number) => LogLine | undefined
  /** Fetches what comes into view; may be called often. */
  readonly ensure: (from: number, to: number) => void
}

type Shown = Pick<LogLines, 'total' | 'ranks' | 'error' | 'loaded'> & { readonly version: number }
const NOTHING: Shown = { total: 0, ranks: [], error: null, loaded: false, version: 0 }

/** A run's log by pages, and its new lines while it runs. Only what was looked at is held. */
export function useLogLines(project: string, run: string, live: boolean): LogLines {
  const client = useClient()
  const [shown, setShown] = useState(NOTHING)
  // A log may have a million lines: they are kept in place, and `version` says that some are new.
  const [kept] = useState(() => ({ lines: new Map<number, LogLine>(), askedAt: new Map<number, number>() }))
  const [followFrom, setFollowFrom] = useState<number | null>(null)

  const take = (lines: readonly LogLine[], news: Partial<Shown>): void => {
    for (const line of lines) kept.lines.set(line.number, line)
    setShown((before) => ({ ...before, ...news, version: before.version + 1 }))
  }
  const fetchPage = (page: number, total: number): void => {
    // Asked once for as many lines as there are: a page is asked again when lines were added to it.
    if (kept.askedAt.get(page) === total) return
    kept.askedAt.set(page, total)
    client.launch
      .log({ project, run, from: page * PAGE, limit: PAGE })
      .then((answer) => take(answer.lines, { total: answer.total, ranks: answer.ranks, loaded: true, error: null }))
      .catch((error: AppError) => {
        kept.askedAt.delete(page)
        take([], { loaded: true, error })
      })
  }
  useEffect(() => {
    // Also when it has ended: the last lines may have come after the last that was followed.
    const controller = new AbortController()
    kept.askedAt.clear()
    client.launch
      .log({ project, run, from: 0, limit: 1 }, { signal: controller.signal })
      .then(async ({ total, ranks }) => {
        const from = Math.max(0, total - PAGE)
        const { lines } = await client.launch.log({ project, run, from, limit: PAGE }, { signal: controller.signal })
        for (const line of lines) kept.lines.set(line.number, line)
        setShown((before) => ({ total, ranks, loaded: true, error: null, version: before.version + 1 }))
        setFollowFrom(total)
      })
      .catch((error: AppError) => {
        if (!controller.signal.aborted) setShown((before) => ({ ...before, loaded: true, error }))
      })
    return () => controller.abort()
  }, [client, project, run, live, kept])

  useFollow('launch.followLog', live && followFrom !== null ? { project, run, from: followFrom } : null, (event) =>
    take(event.lines, { total: event.total }),
  )

  return {
    total: shown.total,
    ranks: shown.ranks,
    error: shown.error,
    loaded: shown.loaded,
    line: (number) => kept.lines.get(number),
    ensure: (from, to) => {
      for (let number = from; number <= Math.min(to, shown.total - 1); number++) {
        if (!kept.lines.has(number)) fetchPage(Math.floor(number / PAGE), shown.total)
      }
    },
  }
}
