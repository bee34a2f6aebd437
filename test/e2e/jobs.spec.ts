import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { type OpenedPage, startApp, type TestApp } from './support/app.ts'
import { expectAxeClean } from './support/axe.ts'
import { launchBrowser } from './support/browser.ts'
import { eventually } from '#test/setup/eventually.ts'

/** Trains until it is stopped; says how it was. */
const SCRIPT = `
import time
step = 0
try:
    while True:
        step += 1
        print(f'step {step} loss {1 / step}')
        time.sleep(0.05)
except KeyboardInterrupt:
    print('interrupted, saving')
    raise SystemExit(0)
`

describeWith(['chromium'], 'jobs', () => {
  let app: TestApp
  let browser: Browser
  let opened: OpenedPage
  let page: Page
  let project: string

  beforeAll(async () => {
    app = await startApp()
    browser = await launchBrowser()
    const folder = join(app.folder, 'endless')
    mkdirSync(folder)
    writeFileSync(join(folder, 'train.py'), SCRIPT)
    project = (await app.client.projects.open({ folder })).id
    opened = await app.open(browser, `/p/${project}/jobs`)
    page = opened.page
  })
  afterAll(async () => {
    // Trainings outlive the app: none may outlive the test.
    for (const { run, project: of } of await app.client.launch.queue({}))
      await app.client.launch.stop({ project: of, run })
    await eventually(async () => expect(await app.client.launch.queue({})).toEqual([]))
    await opened.close()
    await browser.close()
    await app.close()
  })

  it('wait their turn, change places, leave the queue and are stopped as Ctrl-C would', async () => {
    await page.getByText('Nothing runs').waitFor()
    for (const name of ['first', 'second', 'third'])
      await app.client.launch.start({ project, spec: { command: ['python3', 'train.py'], name }, queue: true })
    const jobs = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem')
    const names = (): Promise<readonly string[]> => jobs.getByRole('link').allTextContents()
    await eventually(async () => expect(await names()).toEqual(['first', 'second', 'third']))
    await jobs.filter({ hasText: 'first' }).getByText('running').waitFor()
    await jobs.filter({ hasText: 'second' }).getByText('queued, next').waitFor()
    await expectAxeClean(page)

    await jobs.filter({ hasText: 'third' }).getByRole('button', { name: 'Earlier' }).click()
    await eventually(async () => expect(await names()).toEqual(['first', 'third', 'second']))
    await jobs.filter({ hasText: 'second' }).getByRole('button', { name: 'Take out of the queue' }).click()
    await eventually(async () => expect(await names()).toEqual(['first', 'third']))

    await page.getByRole('link', { name: 'first' }).click()
    await page
      .getByRole('log')
      .getByText(/step \d+ loss/)
      .first()
      .waitFor()
    await expectAxeClean(page)
    await page.keyboard.press('s')
    await page.getByRole('log').getByText('interrupted, saving').waitFor()
    await page.getByText('running', { exact: true }).waitFor({ state: 'detached' })
    // The next one begins by itself.
    await page.getByRole('link', { name: /^Jobs/ }).click()
    await jobs.filter({ hasText: 'third' }).getByText('running').waitFor()
    expect(opened.faults()).toEqual([])
  })
})
