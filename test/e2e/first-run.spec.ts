import { join } from 'node:path'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { startApp, type TestApp } from './support/app.ts'
import { expectAxeClean } from './support/axe.ts'
import { launchBrowser } from './support/browser.ts'
import { screenshot } from './support/screenshot.ts'
import { eventually } from '#test/setup/eventually.ts'

describeWith(['chromium'], 'from nothing to a comparison', () => {
  let app: TestApp
  let browser: Browser
  beforeAll(async () => {
    app = await startApp()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await app.close()
  })

  it('the sample is trained twice from the window, watched, and compared', async () => {
    const { page, faults, close } = await app.open(browser)
    await page.getByRole('heading', { name: 'Start a bench' }).waitFor()
    await expectAxeClean(page)
    await screenshot(page, 'first-run')
    const { id: project } = await app.client.projects.sample({ folder: join(app.folder, 'weather') })
    await page.getByRole('link', { name: /weather/ }).click()
    await page.getByText('No runs yet').waitFor()
    await expectAxeClean(page)

    const launch = async (command: string): Promise<void> => {
      await page.keyboard.press('Control+Enter')
      const dialog = page.getByRole('dialog', { name: 'Launch a run' })
      await dialog.getByRole('textbox', { name: 'Command' }).fill(command)
      const start = dialog.getByRole('button', { name: 'Launch run' })
      await eventually(async () => expect(await start.isEnabled()).toBe(true))
      await start.click()
      await dialog.waitFor({ state: 'detached' })
    }
    await launch('python3 train.py --epochs 12 --lr 0.001')
    // Its lines come as it prints them. Any will do: the log follows its end, and the first are soon above what is shown.
    await page
      .getByRole('log')
      .getByText(/epoch \d+ /)
      .first()
      .waitFor()
    await page
      .getByRole('img', { name: /val_acc/ })
      .first()
      .waitFor()
    await page.getByText('finished', { exact: true }).first().waitFor()
    await expectAxeClean(page)
    await screenshot(page, 'run')

    await launch('python3 train.py --epochs 12 --lr 0.005')
    await page.getByText('finished', { exact: true }).first().waitFor()
    await page.getByText(/Changed since/).waitFor()

    const runs = await app.client.runs.ids({ project, sort: [{ column: 'attribute:started', direction: 'asc' }] })
    expect(runs).toHaveLength(2)
    const changed = await app.client.runs.changed({ project, run: runs[1] ?? '' })
    expect(changed.params).toEqual([{ key: 'lr', before: '0.001', now: '0.005' }])

    await page.goto(`${app.url}/#/p/${project}/runs`)
    await page
      .getByRole('grid', { name: 'Runs' })
      .or(page.getByRole('treegrid', { name: 'Runs' }))
      .waitFor()
    await expectAxeClean(page)
    await screenshot(page, 'runs')

    await page.goto(`${app.url}/#/p/${project}/compare?runs=${runs.join(',')}`)
    await page.getByRole('row', { name: /^lr / }).waitFor()
    await expectAxeClean(page)
    await screenshot(page, 'compare')
    expect(faults()).toEqual([])
    await close()
  })
})
