import { useSyncExternalStore } from 'react'

export type ThemeName = 'light' | 'dark'

const query = '(prefers-color-scheme: dark)'

/** The theme that is drawn now: what `data-theme` on <html> pins, else the system's. */
export const readTheme = (): ThemeName => {
  const pinned = document.documentElement.dataset['theme']
  if (pinned === 'light' || pinned === 'dark') return pinned
  return matchMedia(query).matches ? 'dark' : 'light'
}

const subscribe = (changed: () => void): (() => void) => {
  const media = matchMedia(query)
  const observer = new MutationObserver(changed)
  media.addEventListener('change', changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => {
    media.removeEventListener('change', changed)
    observer.disconnect()
  }
}

/** The theme that is drawn now, for what cannot follow CSS by itself: canvases. */
export const useThemeName = (): ThemeName => useSyncExternalStore(subscribe, readTheme)
