import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { type OpenedPage, startApp, type TestApp } from './support/app.ts'
import { expectAxeClean } from './support/axe.ts'
import { launchBrowser, showTheme, themes } from './support/browser.ts'
import { eventually } from '#test/setup/eventually.ts'
import { screenshot } from './support/screenshot.ts'
import { seedProject, seedRuns, STUDY } from './support/seed.ts'

describeWith(['chromium'], 'leaving for MLflow', () => {
  let app: TestApp
  let browser: Browser
  let opened: OpenedPage
  let page: Page
  let project: string

  beforeAll(async () => {
    app = await startApp()
    browser = await launchBrowser()
    project = await seedProject(app, 'study')
    const [first = ''] = await seedRuns(app, project, STUDY)
    const root = `${app.url}/p/${project}/api/2.0/mlflow-artifacts/artifacts`
    await fetch(`${root}/0/${first}/artifacts/model.bin`, { method: 'PUT', body: new Uint8Array(4_096) })
  })
  beforeEach(async () => {
    opened = await app.open(browser, `/p/${project}/runs`)
    page = opened.page
    await page.getByRole('row', { name: /alone/ }).waitFor()
  })
  afterEach(async () => {
    expect(opened.faults()).toEqual([])
    await opened.close()
  })
  afterAll(async () => {
    await browser.close()
    await app.close()
  })

  const look = async (name: string): Promise<void> => {
    for (const theme of themes) {
      await showTheme(page, theme)
      await screenshot(page, `export-${name}-${theme}`)
    }
    await expectAxeClean(page)
  }

  it('from the palette: what will go along, what stands in the way, and the whole project in a folder', async () => {
    await page.keyboard.press('ControlOrMeta+K')
    await page.keyboard.type('export to mlflow')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Export this project to MLflow' })
    const folder = dialog.getByRole('textbox', { name: 'Folder' })
    const write = dialog.getByRole('button', { name: 'Export', exact: true })
    const full = join(app.folder, 'full')
    mkdirSync(full)
    writeFileSync(join(full, 'precious.txt'), 'mine')
    await folder.fill(full)
    await dialog.getByText(`${full} is not empty: name a new folder, or an empty one.`).waitFor()
    expect(await write.isDisabled()).toBe(true)
    await folder.fill(join(app.folder, 'left'))
    await dialog.getByText(/^1 experiment, 8 runs, \d+ points, 1 file \(4\.10? kB\)/i).waitFor()
    await dialog.getByText('What MLflow has no place for').click()
    await eventually(async () => expect(await write.isEnabled()).toBe(true))
    await look('plan')
    await write.click()
    await page.getByRole('dialog', { name: 'Exported to MLflow' }).waitFor()
    await page.getByText(`mlflow server --backend-store-uri "sqlite:///${app.folder}/left/mlflow.db"`).waitFor()
    await look('done')
    await page.getByRole('button', { name: 'Done' }).click()
    expect(readdirSync(join(app.folder, 'left')).toSorted()).toEqual(['README.txt', 'mlflow.db', 'mlruns'])
    expect(readdirSync(full)).toEqual(['precious.txt'])
  })

  it('from a run’s menu: that run alone', async () => {
    await page.getByRole('row', { name: /alone/ }).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Export to MLflow…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export this run to MLflow' })
    await dialog.getByRole('textbox', { name: 'Folder' }).fill(join(app.folder, 'one'))
    await dialog.getByText(/^1 experiment, 1 run, 4 points/).waitFor()
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByRole('dialog', { name: 'Exported to MLflow' }).waitFor()
    expect(existsSync(join(app.folder, 'one', 'mlflow.db'))).toBe(true)
  })
})
