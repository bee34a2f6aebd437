import { useEffect } from 'react'

/** Milliseconds after which it is begun even on a page that is never idle. */
const AT_LATEST = 5_000

/** Brings what will be wanted next, one by one and only while the page has nothing else to do. */
export function usePreload(parts: readonly { readonly preload: () => Promise<unknown> }[]): void {
  useEffect(() => {
    let gone = false
    const next = async (at: number): Promise<void> => {
      await new Promise((free) => requestIdleCallback(free, { timeout: AT_LATEST }))
      if (gone) return
      await parts[at]?.preload()
      if (at + 1 < parts.length) await next(at + 1)
    }
    void next(0)
    return () => {
      gone = true
    }
  }, [parts])
}
