import { useEffect } from 'react'

/** Milliseconds in which a page mostly shows what it was opened for: while it waits for the backend it is idle, and not free. */
const AFTER = 3_000
/** Milliseconds after which it is gone on with even on a page that is never idle. */
const AT_LATEST = 5_000

/** Brings what will be wanted next, one by one and only while the page has nothing else to do. */
export function usePreload(parts: readonly { readonly preload: () => Promise<unknown> }[]): void {
  useEffect(() => {
    let gone = false
    const timer = setTimeout(() => void next(0), AFTER)
    const next = async (at: number): Promise<void> => {
      await new Promise((free) => requestIdleCallback(free, { timeout: AT_LATEST }))
      if (gone) return
      await parts[at]?.preload()
      if (at + 1 < parts.length) await next(at + 1)
    }
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [parts])
}
