import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { eventually } from '#test/setup/eventually.ts'
import { startApp, type TestApp } from './support/app.ts'
import { expectAxeClean } from './support/axe.ts'
import { launchBrowser, narrow, settle, showTheme } from './support/browser.ts'
import { registerModel } from './support/registry.ts'
import { seedProject, seedRuns, STUDY } from './support/seed.ts'

type Screen = { readonly name: string; readonly route: () => string; readonly ready: (page: Page) => Promise<unknown> }

describeWith(['chromium'], 'every screen', () => {
  let app: TestApp
  let browser: Browser
  let project: string
  let runs: readonly string[]

  beforeAll(async () => {
    app = await startApp()
    browser = await launchBrowser()
    project = await seedProject(app, 'study')
    runs = await seedRuns(app, project, STUDY)
    await registerModel(app, project, 'churn', runs[0] ?? '', { MLmodel: 'flavors: {}' })
  })
  afterAll(async () => {
    await browser.close()
    await app.close()
  })

  const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { name, level: 1 }).waitFor()
  const screens: readonly Screen[] = [
    { name: 'home', route: () => '/', ready: heading('Start a bench') },
    {
      name: 'runs',
      route: () => `/p/${project}/runs`,
      ready: (page) => page.getByRole('region', { name: 'val_acc' }).waitFor(),
    },
    {
      name: 'a run',
      route: () => `/p/${project}/runs/${runs[0]}`,
      ready: (page) => page.getByRole('region', { name: 'val_acc' }).waitFor(),
    },
    ...['charts', 'log', 'artifacts', 'code', 'environment', 'notes'].map((tab): Screen => ({
      name: `a run’s ${tab}`,
      route: () => `/p/${project}/runs/${runs[0]}?tab=${tab}`,
      ready: (page) => page.getByRole('tab', { name: new RegExp(tab, 'i'), selected: true }).waitFor(),
    })),
    {
      name: 'a comparison',
      route: () => `/p/${project}/compare?runs=${runs.slice(0, 4).join(',')}`,
      ready: (page) => page.getByRole('row', { name: /^lr / }).waitFor(),
    },
    {
      name: 'models',
      route: () => `/p/${project}/models`,
      ready: (page) => page.getByRole('row', { name: /^churn/ }).waitFor(),
    },
    {
      name: 'a model',
      route: () => `/p/${project}/models/churn`,
      ready: (page) => page.getByRole('heading', { name: 'Load it' }).waitFor(),
    },
    { name: 'jobs', route: () => `/p/${project}/jobs`, ready: (page) => page.getByText('Nothing runs').waitFor() },
    {
      name: 'settings',
      route: () => `/p/${project}/settings`,
      ready: (page) => page.getByText('Space on disk').waitFor(),
    },
    { name: 'help', route: () => `/p/${project}/help`, ready: (page) => page.getByText('Filter runs').waitFor() },
    {
      name: 'a run that is not there',
      route: () => `/p/${project}/runs/${'0'.repeat(32)}`,
      ready: (page) => page.getByRole('alert').waitFor(),
    },
    {
      name: 'a project that is not there',
      route: () => '/p/nowhere-1/runs',
      ready: (page) => page.getByRole('alert').waitFor(),
    },
    {
      name: 'a comparison of nothing',
      route: () => `/p/${project}/compare`,
      ready: (page) => page.getByText('Choose two runs or more').waitFor(),
    },
  ]

  // A test for each: all of them together take minutes on a busy machine.
  it.each(screens)('$name is clean for axe in both themes, and fits a small window', async ({ route, ready }) => {
    const { page, faults, close } = await app.open(browser, route())
    await ready(page)
    await expectAxeClean(page)
    await page.setViewportSize(narrow)
    await settle(page)
    const [wider, cut] = await page.evaluate(() => [
      document.documentElement.scrollWidth - window.innerWidth,
      [...document.querySelectorAll('main > :first-child button')].filter((button) => {
        const { right, width } = button.getBoundingClientRect()
        return width > 0 && right > window.innerWidth
      }).length,
    ])
    expect({ wider, cut }).toEqual({ wider: 0, cut: 0 })
    expect(faults()).toEqual([])
    await close()
  })

  it('each view of the runs is clean for axe: table, charts, grouped, with a baseline, trash', async () => {
    const { page, faults, close } = await app.open(browser, `/p/${project}/runs`)
    const grid = page.getByRole('treegrid', { name: 'Runs' })
    await grid.getByText('lr0.1-seed1').click()
    await page.keyboard.press('b')
    await page.getByRole('button', { name: 'Remove Baseline' }).waitFor()
    await page.keyboard.press('1')
    await page.getByRole('region', { name: 'Charts' }).waitFor({ state: 'detached' })
    await expectAxeClean(page)
    await page.keyboard.press('3')
    await grid.waitFor({ state: 'detached' })
    await page.getByRole('region', { name: 'Scatter' }).waitFor()
    await expectAxeClean(page)
    await page.getByRole('region', { name: 'Scatter' }).getByRole('button', { name: 'View as table' }).click()
    await page.getByRole('grid', { name: 'Scatter, as a table' }).waitFor()
    await page.keyboard.press('2')
    await page.keyboard.press('Shift+G')
    await page.getByText('4 groups, 8 runs').waitFor()
    await expectAxeClean(page)
    await page.getByRole('button', { name: /^Columns/ }).click()
    await page.getByRole('dialog', { name: 'Columns' }).waitFor()
    await expectAxeClean(page, '[role=dialog]')
    expect(faults()).toEqual([])
    await close()
  })

  it('has its charts drawn in the theme of now, there and back', async () => {
    const { page, faults, close } = await app.open(browser, `/p/${project}/runs/${runs[0]}`)
    const canvas = page.getByRole('region', { name: 'val_acc' }).locator('canvas').first()
    await canvas.waitFor()
    const picture = () => canvas.evaluate((node: HTMLCanvasElement) => node.toDataURL())
    await showTheme(page, 'light')
    const light = await picture()
    await showTheme(page, 'dark')
    await eventually(async () => expect(await picture()).not.toEqual(light))
    const dark = await picture()
    await showTheme(page, 'light')
    await eventually(async () => expect(await picture()).toEqual(light))
    await showTheme(page, 'dark')
    await eventually(async () => expect(await picture()).toEqual(dark))
    expect(faults()).toEqual([])
    await close()
  })

  it('says that the backend is gone, keeps what it shows, and comes back by itself', async () => {
    const { page, close } = await app.open(browser, `/p/${project}/runs`)
    const grid = page.getByRole('treegrid', { name: 'Runs' })
    await grid.getByText('lr0.1-seed1').waitFor()
    await app.stop()
    await page.getByText('The backend does not answer.').waitFor()
    expect(await grid.getByText('lr0.1-seed1').isVisible()).toBe(true)
    await expectAxeClean(page)
    await app.start()
    await page.getByText('The backend does not answer.').waitFor({ state: 'detached' })
    await app.client.runs.rename({ project, run: runs[0] ?? '', name: 'renamed meanwhile' })
    await grid.getByText('renamed meanwhile').waitFor()
    await close()
  })

  it('asks for its key where it has none', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(app.url)
    await page.getByText('This page needs its key.').waitFor()
    await expectAxeClean(page)
    await context.close()
  })
})
