import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { startApp, type TestApp } from './support/app.ts'
import { launchBrowser } from './support/browser.ts'
import { seedProject, seedRuns, STUDY } from './support/seed.ts'

describeWith(['chromium'], 'code that can’t be had, as after an update under an open window', () => {
  let app: TestApp
  let browser: Browser
  let page: Page
  let project: string
  let isMissing = true
  beforeAll(async () => {
    app = await startApp()
    browser = await launchBrowser()
    project = await seedProject(app, 'updated')
    await seedRuns(app, project, STUDY)
    page = (await app.open(browser, `/p/${project}/runs`)).page
    await page.route(/assets\/(?!index|first|rolldown)[^/]*\.js$/, (route) =>
      isMissing ? route.fulfill({ status: 404 }) : route.continue(),
    )
    await page.reload()
  })
  afterAll(async () => {
    await browser.close()
    await app.close()
  })

  it('is said for a dialog in a notice, and the window stays', async () => {
    await page.getByText('lr0.1-seed1').first().waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText('This part of the window could not be loaded').waitFor()
    await page.getByRole('button', { name: 'Reload' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.getByText('lr0.1-seed1').first().click()
    await page.keyboard.press('e')
    await page.getByRole('button', { name: 'Reload' }).nth(1).waitFor()
  })

  it('is said for a screen in its place, and reloading brings it', async () => {
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText('Settings could not be drawn').waitFor()
    isMissing = false
    await page.getByRole('alert').getByRole('button', { name: 'Reload' }).click()
    await page.getByRole('heading', { name: 'What is recorded' }).waitFor()
  })
})
