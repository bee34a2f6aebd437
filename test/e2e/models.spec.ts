import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { type OpenedPage, startApp, type TestApp } from './support/app.ts'
import { expectAxeClean } from './support/axe.ts'
import { eventually } from '#test/setup/eventually.ts'
import { launchBrowser, narrow, wide } from './support/browser.ts'
import { callMlflow, registerModel } from './support/registry.ts'
import { screenshot } from './support/screenshot.ts'
import { seedProject, seedRuns, STUDY } from './support/seed.ts'

const FILES = {
  MLmodel: 'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n',
  'data/model.pkl': 'bytes',
}

describeWith(['chromium'], 'registered models', () => {
  let app: TestApp
  let browser: Browser
  let opened: OpenedPage
  let page: Page
  let project: string
  let runs: readonly string[]

  beforeAll(async () => {
    app = await startApp()
    browser = await launchBrowser()
    project = await seedProject(app, 'registry')
    runs = await seedRuns(app, project, STUDY)
    opened = await app.open(browser, `/p/${project}/models`)
    page = opened.page
  })
  afterAll(async () => {
    expect(opened.faults()).toEqual([])
    await opened.close()
    await browser.close()
    await app.close()
  })

  const grid = (name: string) => page.getByRole('grid', { name })
  const versions = async () =>
    (await app.client.models.get({ project, name: 'churn' })).list.map(({ version, stage, aliases }) => [
      version,
      stage,
      ...aliases,
    ])
  /** All columns are seen without scrolling to the side. */
  const expectFit = async (name: string) => {
    await grid(name).getByRole('columnheader', { name: 'Description' }).waitFor()
    const beyond = (): Promise<number> => grid(name).evaluate((node) => node.scrollWidth - node.clientWidth)
    await eventually(async () => expect(await beyond()).toBe(0))
  }
  const said = (text: string) => page.getByText(text, { exact: true }).last().waitFor()

  it('are asked for where none is, and stand there as soon as a script registers one', async () => {
    await page.getByRole('heading', { name: 'No registered models yet' }).waitFor()
    await page.getByText(`export MLFLOW_TRACKING_URI=${app.url}/p/${project}`).waitFor()
    await screenshot(page, 'models-none')
    await expectAxeClean(page)
    await registerModel(app, project, 'churn', runs[0] ?? '', FILES)
    await grid('Models')
      .getByRole('row', { name: /^churn v1 1 .*lr0\.1-seed1/ })
      .waitFor()
    await registerModel(app, project, 'churn', runs[3] ?? '')
    await grid('Models')
      .getByRole('row', { name: /^churn v2 2 .*lr0\.01-seed1/ })
      .waitFor()
    await page
      .getByRole('navigation')
      .getByRole('link', { name: /^Models\s*1$/ })
      .waitFor()
  })

  it('are found by words of what is said about them, and opened by the keyboard', async () => {
    await registerModel(app, project, 'tenure forecast', runs[1] ?? '')
    await app.client.models.setTag({ project, name: 'tenure forecast', key: 'team', value: 'growth' })
    await callMlflow(app, project, 'registered-models/create', {
      name: 'greeting',
      tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }],
    })
    await page.getByRole('searchbox', { name: 'Find a model' }).fill('team=growth')
    await page.getByText('1 of 2', { exact: true }).waitFor()
    await screenshot(page, 'models-found')
    await page.getByRole('searchbox').fill('nowhere')
    await page.getByText('No model matches').waitFor()
    await expectAxeClean(page)
    await page.getByRole('button', { name: 'Show all' }).click()
    await grid('Models').getByText('churn', { exact: true }).waitFor()
    await expectAxeClean(page)
    await grid('Models').getByText('v2', { exact: true }).click()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'churn' }).waitFor()
    expect(page.url()).toContain(`#/p/${project}/models/churn`)
  })

  it('show the newest version first, and any other when it is chosen: its run, its files, how it is loaded', async () => {
    await page.getByRole('heading', { name: 'Version 2' }).waitFor()
    await page.getByText('Its files are not there').waitFor()
    await grid('Versions').getByText('v1', { exact: true }).click()
    await page.getByRole('heading', { name: 'Version 1' }).waitFor()
    await page.getByText('models:/churn/1').waitFor()
    await page.getByText(`mlflow.set_tracking_uri("${app.url}/p/${project}")`).waitFor()
    await page.getByText(/^2, \d+ B$/).waitFor()
    await page.getByRole('button', { name: /^MLmodel/ }).click()
    await page.getByRole('region', { name: 'model/MLmodel' }).getByText('python_function').waitFor()
    await expectAxeClean(page)
    await screenshot(page, 'model-file')
    await page.getByRole('button', { name: 'Close the file' }).click()
    await page.getByRole('region', { name: 'Version 1' }).getByRole('link', { name: 'lr0.1-seed1' }).waitFor()
  })

  it('lead to their run, and it leads to them as soon as a script registers them', async () => {
    const about = page.getByRole('region', { name: 'Version 1' })
    await about.getByRole('link', { name: 'lr0.1-seed1' }).click()
    const registered = page.getByRole('region', { name: 'Registered' })
    await registered.getByRole('link', { name: 'churn v1' }).waitFor()
    await callMlflow(app, project, 'registered-models/create', { name: 'second name' })
    const version = { name: 'second name', run_id: runs[0], source: `runs:/${runs[0] ?? ''}/model` }
    await callMlflow(app, project, 'model-versions/create', version)
    await registered.getByRole('link', { name: 'second name v1' }).waitFor()
    await app.client.models.setAlias({ project, name: 'second name', version: 1, alias: 'shadow' })
    await app.client.models.setStage({ project, name: 'second name', version: 1, stage: 'staging' })
    await registered.getByText('@shadow').waitFor()
    await registered.getByText('staging').waitFor()
    await screenshot(page, 'run-registered')
    await expectAxeClean(page)
    await app.client.models.remove({ project, name: 'second name' })
    await registered.getByRole('link', { name: 'second name v1' }).waitFor({ state: 'detached' })
    await registered.getByRole('link', { name: 'churn v1' }).click()
    await page.getByRole('heading', { level: 1, name: 'churn' }).waitFor()
    await page.getByRole('heading', { name: 'Version 1' }).waitFor()
  })

  it('are given aliases, stages, words and tags by hand, and all of it is undone', async () => {
    await grid('Versions').getByText('v2', { exact: true }).click()
    await page.getByRole('heading', { name: 'Version 2' }).waitFor()
    await page.keyboard.press('a')
    const alias = page.getByRole('dialog', { name: 'Give version 2 an alias' })
    await alias.getByRole('textbox', { name: 'Alias' }).fill('v7')
    await page.keyboard.press('Enter')
    await alias.getByText("Version alias name 'v7' is reserved.").waitFor()
    await alias.getByRole('textbox', { name: 'Alias' }).fill('@champion')
    await expectAxeClean(page, '[role=dialog]')
    await page.keyboard.press('Enter')
    await said('champion is version 2')
    await page.getByText('models:/churn@champion').waitFor()
    await app.client.models.setStage({ project, name: 'churn', version: 1, stage: 'production' })
    await grid('Versions').getByText('production', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'More for version 2' }).click()
    await page.getByRole('menuitem', { name: 'Compare with version 1, production' }).click()
    await page.getByRole('heading', { name: 'Compare 2 runs' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Version 2' }).waitFor()
    await page.getByRole('button', { name: 'More for version 2' }).click()
    await page.getByRole('menuitem', { name: 'Move to production' }).click()
    const stage = page.getByRole('dialog', { name: 'Move version 2 to production?' })
    await stage.getByText('Version 1 is in production now.').waitFor()
    await expectAxeClean(page, '[role=dialog]')
    await stage.getByRole('button', { name: 'Move to production' }).click()
    await said('Version 2 is in production, 1 archived')
    expect(await versions()).toEqual([
      [2, 'production', 'champion'],
      [1, 'archived'],
    ])
    await page.getByRole('button', { name: 'More for this model' }).click()
    await page.getByRole('menuitem', { name: 'Describe model…' }).click()
    const words = '# Who leaves\n\n- next **month** ![x](https://x.org/x.png)\n\n<img src=x onerror="hacked = true">'
    await page.getByRole('textbox', { name: 'Description' }).fill(words)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('main').getByRole('heading', { name: 'Who leaves' }).waitFor()
    await page.getByRole('listitem').getByRole('link', { name: 'x', exact: true }).waitFor()
    expect(await page.getByRole('main').locator('img').count()).toBe(0)
    await page.keyboard.press('t')
    await page.getByRole('textbox', { name: 'Tag' }).fill('checked')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove checked' }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // Away from the button, which had the focus back and says its name.
    await grid('Versions').getByText('v2', { exact: true }).click()
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await screenshot(page, `model-${theme}`)
    }
    await page.emulateMedia({ colorScheme: 'light' })
    await expectAxeClean(page)
    await page.setViewportSize(narrow)
    await expectFit('Versions')
    await screenshot(page, 'model-narrow')
    await page.goto(`${app.url}/#/p/${project}/models`)
    await expectFit('Models')
    await screenshot(page, 'models-narrow')
    await page.goto(`${app.url}/#/p/${project}/models/churn`)
    await page.setViewportSize(wide)
    await page.getByRole('heading', { name: 'Version 2' }).waitFor()
    await grid('Versions').focus()
    for (const label of ['Tag checked on churn version 2', 'Description of model churn', 'Stage of churn version 2']) {
      await page.keyboard.press('Control+z')
      await said(`Undone: ${label}`)
    }
    expect(await versions()).toEqual([
      [2, 'none', 'champion'],
      [1, 'production'],
    ])
  })

  it('are deleted, and brought back with their aliases', async () => {
    await page.getByRole('button', { name: 'More for version 2' }).click()
    await page.getByRole('menuitem', { name: 'Delete version' }).click()
    await said('churn version 2 deleted; its run and files stay')
    await page.getByRole('heading', { name: 'Version 1' }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await said('Undone: Deletion of churn version 2')
    await eventually(async () => expect((await versions())[0]).toEqual([2, 'none', 'champion']))
    await page.getByRole('button', { name: 'More for this model' }).click()
    await page.getByRole('menuitem', { name: 'Delete model' }).click()
    await said('churn deleted; its runs and files stay')
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor()
    await grid('Models').getByText('churn', { exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await grid('Models').getByText('churn', { exact: true }).waitFor()
    expect((await versions()).map(([version]) => version)).toEqual([2, 1])
  })

  it('are renamed, and stand in the palette', async () => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type('@champ')
    await page.getByRole('option', { name: /churn/ }).click()
    await page.getByRole('heading', { level: 1, name: 'churn' }).waitFor()
    await page.keyboard.press('e')
    await page.getByRole('textbox', { name: 'Name' }).fill('tenure forecast')
    await page.keyboard.press('Enter')
    await page.getByText('Registered Model (name=tenure forecast) already exists.').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('churn/2')
    await page.keyboard.press('Enter')
    await page.getByText("Invalid model name 'churn/2'. Names cannot contain '/' or ':'.").waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('churn 2')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'churn 2' }).waitFor()
    expect(page.url()).toContain('/models/churn%202')
  })

  it('do not offer to undo what can’t be undone any more', async () => {
    await callMlflow(app, project, 'registered-models/create', { name: 'churn' })
    await page.getByRole('button', { name: 'Undo' }).first().waitFor()
    await page.keyboard.press('Control+z')
    await page.getByText("“Rename of model churn” can't be undone any more.").waitFor()
    await page.getByRole('button', { name: 'Undo' }).first().waitFor({ state: 'detached' })
  })

  it('are undone by the notice that speaks of it, whatever was done since, elsewhere too', async () => {
    await app.client.models.setTag({ project, name: 'churn 2', key: 'first', value: '' })
    await page.keyboard.press('t')
    await page.getByRole('textbox', { name: 'Tag' }).fill('mine')
    await page.keyboard.press('Enter')
    await said('Tag mine set')
    await app.client.models.setTag({ project, name: 'churn 2', key: 'elsewhere', value: '' })
    const notice = page.getByRole('status', { name: 'Notices' }).locator('div', { hasText: 'Tag mine set' })
    await notice.getByRole('button', { name: 'Undo' }).click()
    await said('Undone: Tag mine on churn 2 version 2')
    const { tags, list } = await app.client.models.get({ project, name: 'churn 2' })
    expect([tags.map(({ key }) => key), list[0]?.tags.map(({ key }) => key)]).toEqual([['elsewhere', 'first'], []])
    // What was changed again since is not written over, and it is said by what.
    await page.keyboard.press('t')
    await page.getByRole('textbox', { name: 'Tag' }).fill('mine')
    await page.keyboard.press('Enter')
    await said('Tag mine set')
    await app.client.models.setTag({ project, name: 'churn 2', version: 2, key: 'mine', value: 'theirs' })
    await notice.getByRole('button', { name: 'Undo' }).click()
    const since = '“Tag mine on churn 2 version 2” came after it.'
    await page.getByText(`“Tag mine on churn 2 version 2” can't be undone: ${since}`).waitFor()
    await app.client.models.removeTag({ project, name: 'churn 2', version: 2, key: 'mine' })
    for (let step = 0; step < 5; step++) await app.client.projects.undo({ project })
    expect((await app.client.models.get({ project, name: 'churn 2' })).tags).toEqual([])
  })

  it('say that files are not there once the run that had them is in another project', async () => {
    const run = runs[1] ?? ''
    await registerModel(app, project, 'moved', run, FILES)
    await page.goto(`${app.url}/#/p/${project}/models/moved`)
    await page.getByText(/^2, \d+ B$/).waitFor()
    const target = await seedProject(app, 'other')
    const about = page.getByRole('region', { name: 'Version 1' })
    await about.getByRole('link', { name: 'lr0.1-seed2' }).click()
    await page.getByRole('button', { name: 'More for this run' }).click()
    await page.getByRole('menuitem', { name: 'Move to another project…' }).click()
    await page
      .getByRole('dialog')
      .getByText(/moved v1.* registered here without/)
      .waitFor()
    await expectAxeClean(page, '[role=dialog]')
    await page.keyboard.press('Escape')
    await app.client.runs.moveToProject({ project, runs: [run], target })
    await page.goto(`${app.url}/#/p/${project}/models/moved`)
    await page.getByText('The run that had them is not in this project.').waitFor()
    await page
      .getByText(`${run.slice(0, 8)} is gone`)
      .first()
      .waitFor()
  })

  it('that are not there are said to be so', async () => {
    await page.goto(`${app.url}/#/p/${project}/models/nobody`)
    await page.getByText('There is no registered model nobody.').waitFor()
    await expectAxeClean(page)
    await page.getByRole('button', { name: 'Go to models' }).click()
    await grid('Models').waitFor()
  })
})
