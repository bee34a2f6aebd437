import type { Browser, Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { type OpenedPage, startApp, type TestApp } from './support/app.ts'
import { expectAxeClean } from './support/axe.ts'
import { launchBrowser } from './support/browser.ts'
import { seedProject, seedRuns } from './support/seed.ts'

/** 1.79e18 steps: nanoseconds since 1970. */
const NANOSECONDS = 1_790_000_000_000_000_000

describeWith(['chromium'], 'charts', () => {
  let app: TestApp
  let browser: Browser
  let opened: OpenedPage
  let page: Page
  let project: string

  beforeAll(async () => {
    app = await startApp()
    browser = await launchBrowser()
    project = await seedProject(app, 'apart')
    const values = Array.from({ length: 40 }, (_, at) => 1 / (at + 1))
    await seedRuns(app, project, [
      { name: 'counted', metrics: { val_loss: values, plain: values } },
      { name: 'clocked', metrics: { val_loss: values }, firstStep: NANOSECONDS },
    ])
  })
  beforeEach(async () => {
    opened = await app.open(browser, `/p/${project}/runs`)
    page = opened.page
  })
  afterEach(async () => {
    expect(opened.faults()).toEqual([])
    await opened.close()
  })
  afterAll(async () => {
    await browser.close()
    await app.close()
  })

  /** What a chart's picture says to those who don't see it. */
  const told = (chart: Locator): Locator => chart.getByRole('img')

  it('steps that lie far apart are said to, and each range is shown alone, or all over time', async () => {
    const chart = page.getByRole('region', { name: 'val_loss' })
    const ranges = chart.getByRole('group', { name: 'Steps lie far apart' })
    await ranges.waitFor()
    expect(await ranges.getByRole('button').allTextContents()).toEqual(['1–40', '1.79e18', 'Time since start'])
    await expectAxeClean(page)
    // A metric whose steps are of one kind says nothing of it.
    const plain = page.getByRole('region', { name: 'plain' })
    await told(plain).waitFor()
    expect(await plain.getByRole('group', { name: 'Steps lie far apart' }).count()).toBe(0)

    const small = ranges.getByRole('button', { name: 'Show steps 1 to 40 alone' })
    await small.click()
    await chart.getByRole('button', { name: 'Show steps 1 to 40 alone', pressed: true }).waitFor()
    // Arrows step through the forty alone: the crosshair begins at their end.
    await told(chart).focus()
    await page.keyboard.press('ArrowRight')
    await chart.getByText('0.03', { exact: true }).first().waitFor()
    await page.keyboard.press('Escape')
    await chart.getByRole('button', { name: 'Show steps 1 to 40 alone', pressed: false }).waitFor()

    await ranges.getByRole('button', { name: 'Time since start' }).click()
    await page.getByRole('button', { name: /^x elapsed/ }).waitFor()
    await chart.getByRole('button', { name: 'Back to steps' }).click()
    await ranges.waitFor()
    await page.getByRole('button', { name: /^x step/ }).waitFor()
  })
})
