import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import { settle } from './browser.ts'

const folder = fileURLToPath(new URL('../../../test-results/screens/', import.meta.url))

/**
 * Takes a picture of the window once it is settled, into `test-results/screens/<name>.png`, and gives its path. The text
 * cursor is hidden; what differs from run to run (times, ids) may be covered by `mask`, a list of CSS selectors.
 */
export async function screenshot(page: Page, name: string, mask: readonly string[] = []): Promise<string> {
  mkdirSync(folder, { recursive: true })
  await settle(page)
  const path = join(folder, `${name}.png`)
  const covered = mask.map((selector) => page.locator(selector))
  await page.screenshot({ path, caret: 'hide', animations: 'disabled', mask: covered })
  return path
}
