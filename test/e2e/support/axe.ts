import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'
import { expect } from 'vitest'
import { settle, showTheme, themes } from './browser.ts'

/** WCAG 2.2 AA and what axe holds to be good practice. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * What axe finds on the page as it is drawn now, a line for each place. `within` is a CSS selector for a part of it.
 * The page must be of a context made by `browser.newContext`.
 */
export async function axeFindings(page: Page, within?: string): Promise<readonly string[]> {
  await settle(page)
  const builder = new AxeBuilder({ page }).withTags(rules)
  const { violations } = await (within === undefined ? builder : builder.include(within)).analyze()
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const why = (failureSummary ?? '').split('\n').slice(1).join('; ').replaceAll(/\s+/g, ' ').trim()
      return `${id} at ${target.join(' ')}: ${help} (${why})`
    }),
  )
}

/** Expects axe to find nothing, in both themes; the page is left in the theme that it was in. */
export async function expectAxeClean(page: Page, within?: string): Promise<void> {
  const before = await page.evaluate(() => document.documentElement.dataset['theme'])
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  const found: string[] = []
  for (const theme of themes) {
    await showTheme(page, theme)
    for (const line of await axeFindings(page, within)) found.push(`${theme}: ${line}`)
  }
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
  await page.evaluate((theme) => {
    if (theme === undefined) delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, before)
  expect(found, found.join('\n')).toEqual([])
}
