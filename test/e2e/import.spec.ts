import { appendFileSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serve } from '#test/fixtures/mlflow-answers.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { startApp, type TestApp } from './support/app.ts'
import { expectAxeClean } from './support/axe.ts'
import { launchBrowser, narrow, themes, wide } from './support/browser.ts'
import { writeFileStore } from './support/mlruns.ts'
import { screenshot } from './support/screenshot.ts'
import { seedProject } from './support/seed.ts'

describeWith(['chromium'], 'importing from MLflow', () => {
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

  it('a folder is looked at, taken in, followed, found missing and taken back', async () => {
    const project = await seedProject(app, 'thesis')
    mkdirSync(join(app.folder, 'old'))
    const store = writeFileStore(join(app.folder, 'old'))
    const { page, faults, close } = await app.open(browser, `/p/${project}/runs`)

    await page.getByRole('button', { name: 'Import…' }).click()
    await page.getByRole('heading', { name: 'Import', level: 1 }).waitFor()
    const place = page.getByRole('textbox', { name: 'Import from' })
    await place.fill(join(app.folder, 'nowhere'))
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await place.fill(join(app.folder, 'old'))
    await page.keyboard.press('Enter')
    const found = page.getByRole('region', { name: store })
    await found.getByText('3 new').waitFor()
    await found.getByText(/churn/).waitFor()
    await expectAxeClean(page)
    await screenshot(page, 'import-plan')

    await page.getByText('Leave files in place').click()
    await page.getByText('Nothing is copied.').waitFor()
    await page.getByText('Follow it: what is added there later comes by itself').click()
    await page.getByRole('button', { name: 'Import 3 runs' }).click()
    await page.getByText(/3 runs, 60 points/).waitFor()
    await expectAxeClean(page)
    await screenshot(page, 'import-report')

    const table = await app.client.runs.table({ project, columns: ['param:lr', 'metric:val_loss:last'], limit: 10 })
    expect(table.rows.map(({ id, name }) => [id, name]).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual([
      ['a1'.repeat(16), 'gentle'],
      ['b2'.repeat(16), 'brisk'],
      ['c3'.repeat(16), 'first-try'],
    ])

    // What is added to a followed folder comes by itself.
    appendFileSync(
      join(store, '814512345678901234', 'a1'.repeat(16), 'metrics', 'val_loss'),
      '1700000020000 0.125 20\n',
    )
    await page
      .getByText(/something new in 1 run/)
      .first()
      .waitFor()

    // Files that were left in place are shown from there, and it is said where they are.
    await page.goto(`${app.url}/#/p/${project}/runs/${'a1'.repeat(16)}?tab=artifacts`)
    await page.getByText('notes.txt').first().waitFor()

    // A source that vanishes is noticed.
    renameSync(store, `${store}-away`)
    await page.goto(`${app.url}/#/p/${project}/import`)
    await page.getByText(/Not found since/).waitFor()
    await expectAxeClean(page)
    await screenshot(page, 'import-missing')
    renameSync(`${store}-away`, store)
    await page.getByText(/Not found since/).waitFor({ state: 'detached' })

    await page.getByRole('button', { name: `More for ${store}` }).click()
    await page.getByRole('menuitem', { name: /Take back what it brought/ }).click()
    await page.getByText('3 runs moved to trash, kept 30 days').waitFor()
    await page.getByText(/^0 runs, read/).waitFor()
    await page.getByRole('button', { name: /^Undo/ }).click()
    await page.getByText(/^3 runs, read/).waitFor()
    // A client's link to an experiment leads to the project.
    await page.goto('about:blank')
    await page.goto(`${app.url}/p/${project}/#/experiments/1`)
    await page.getByRole('row', { name: /gentle/ }).waitFor()
    // Of runs of several experiments it is said of which each is.
    await page.getByRole('columnheader', { name: /Experiment/ }).waitFor()
    await page.getByRole('row', { name: /gentle.*churn/ }).waitFor()
    expect(faults()).toEqual([])
    await close()
  })

  it('a server that is followed keeps its token, says when it is tried again, and what came when', async () => {
    const project = await seedProject(app, 'lab')
    let broken = false
    const run = {
      info: {
        run_id: 'r1',
        experiment_id: '7',
        status: 'FINISHED',
        start_time: 1,
        end_time: 2,
        lifecycle_stage: 'active',
      },
    }
    const answers: Readonly<Record<string, unknown>> = {
      'experiments/search': { experiments: [{ experiment_id: '7', name: 'churn' }] },
      'runs/search': { runs: [run] },
      'runs/get': { run },
    }
    const { url } = await serve({
      '*': ({ path, headers }) => {
        if (headers.authorization !== 'Bearer tk-1') return { status: 401, json: {} }
        if (broken) return { status: 400, json: { message: 'the database is being moved' } }
        const json = answers[path]
        return json === undefined ? { status: 404, json: { error_code: 'RESOURCE_DOES_NOT_EXIST' } } : { json }
      },
    })
    const { page, faults, close } = await app.open(browser, `/p/${project}/import`)
    await page.getByRole('textbox', { name: 'Import from' }).fill(url)
    await page.keyboard.press('Enter')
    await page.getByText(/wants a token/).waitFor()
    await page.getByLabel('Token, where the server wants one').fill('tk-1')
    await page.keyboard.press('Enter')
    await page.getByText('Follow it: what is added there later comes by itself').click()
    await page.getByRole('button', { name: 'Import 1 run' }).click()
    await page.getByText('Brought 1 run.').first().waitFor()
    expect(await page.getByRole('heading', { name: 'History' }).count()).toBe(0)

    broken = true
    await page.getByText(/^Could not be read.* It is tried again in/).waitFor()
    await page.getByRole('heading', { name: 'History' }).waitFor()
    await expectAxeClean(page)
    await screenshot(page, 'import-retry')
    await page.getByRole('button', { name: 'Give another token…' }).click()
    await page.getByText(/Kept while it is followed, in a file that only you can read/).waitFor()
    await page.keyboard.press('Escape')
    broken = false
    await page.getByRole('button', { name: 'Try now' }).click()
    await page.getByText(/^Could not be read/).waitFor({ state: 'detached' })
    const history = page.getByRole('region', { name: 'History' })
    await history
      .getByText(/the database is being moved/)
      .first()
      .waitFor()
    await history.getByText('Brought 1 run.').waitFor()

    // What is not followed any more keeps no token, and asks for it.
    await page.locator('label').filter({ hasText: 'Follow' }).click()
    // Until the page knows that it is not followed, the token is still there to be used.
    await page.getByRole('switch', { name: 'Follow', checked: false }).waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'Import again' }).click()
    await page.getByText('Sent to that server alone, and kept nowhere.').waitFor()
    await page.keyboard.press('Escape')
    expect(faults()).toEqual([])
    await close()
  })

  it('a dropped file without a path asks for it', async () => {
    const project = await seedProject(app, 'drop')
    const { page, faults, close } = await app.open(browser, `/p/${project}/runs`)
    await page.getByText('No runs yet').waitFor()
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer()
      data.items.add(new File(['x'], 'mlflow.db'))
      return data
    })
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer })
    await page.getByText('Drop to import into').waitFor()
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
    await page.getByText('Drop to import into').waitFor({ state: 'detached' })
    await page.getByText('A browser does not say where a dropped file lies.').waitFor()
    await page.getByRole('textbox', { name: 'Import from' }).waitFor()
    expect(faults()).toEqual([])
    await close()
  })

  it('fits a small window in both themes', async () => {
    const project = await seedProject(app, 'small')
    mkdirSync(join(app.folder, 'small-store'))
    writeFileStore(join(app.folder, 'small-store'))
    const from = encodeURIComponent(join(app.folder, 'small-store'))
    for (const theme of themes)
      for (const size of [wide, narrow]) {
        const { page, faults, close } = await app.open(browser, `/p/${project}/import?from=${from}`, { theme, size })
        await page.getByRole('button', { name: 'Import 3 runs' }).waitFor()
        await expectAxeClean(page)
        expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false)
        expect(faults()).toEqual([])
        await close()
      }
  })
})
