import type { ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'

/**
 * Around the whole page: its words are English and its numbers have points, whatever the system's language is. A field
 * that took 0,6 beside a column that shows 0.6 would be a trap.
 */
export function UiProvider({ children }: { children: ReactNode }) {
  return <I18nProvider locale="en-US">{children}</I18nProvider>
}
