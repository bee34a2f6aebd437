import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'
import { eventually } from '#test/setup/eventually.ts'

/** The run table, once it is there. */
export async function runTable(page: Page): Promise<Locator> {
  const grid = page.getByRole('treegrid', { name: 'Runs' })
  await grid.waitFor()
  return grid
}

/** The names in the table's rows, from above, without the pinned baseline. */
export function namesIn(grid: Locator): Promise<readonly string[]> {
  return grid.evaluate((node) =>
    [...node.querySelectorAll<HTMLElement>('[role=row][data-id]:not([data-pinned])')]
      .toSorted((a, b) => Number(a.dataset['line']) - Number(b.dataset['line']))
      // A state may stand behind the name.
      .map((row) => row.querySelector<HTMLElement>('[data-column="1"]')?.innerText.trim().split(/\s/)[0] ?? ''),
  )
}

/** Waits until the table has just these rows, in this order. */
export async function expectNames(grid: Locator, names: readonly string[]): Promise<void> {
  await eventually(async () => expect(await namesIn(grid)).toEqual(names))
}
