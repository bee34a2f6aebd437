import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { parseRoute, type Route } from '#renderer/lib/routes.ts'

const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

/** Where the person is. It is the same object for as long as the address is the same. */
export function useRoute(): Route {
  const fragment = useSyncExternalStore(subscribe, () => location.hash)
  return useMemo(() => parseRoute(fragment, location.pathname), [fragment])
}

/** Parts of a title, the narrowest first: `['lgbm-l15', 'telco-churn']` is "lgbm-l15 · telco-churn · Benchtop". */
export const documentTitle = (parts: readonly string[]): string =>
  [...parts.filter((part) => part !== ''), 'Benchtop'].join(' · ')

/** Names the window, the tab and the history entry. */
export function useDocumentTitle(...parts: readonly string[]): void {
  const title = documentTitle(parts)
  useEffect(() => {
    document.title = title
  }, [title])
}
