import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { installation } from '#electron/platform/installation.ts'
import { startApp, type TestApp } from './support/app.ts'
import { launchBrowser, narrow, settle, type Size, type Theme, themes, wide } from './support/browser.ts'

/**
 * `npm run pictures`: trains the sample for real, drives the app through its screens in both themes and both sizes, writes all pictures
 * and one contact sheet to `test-results/pictures`, and those that the README shows to `docs/pictures`.
 */

const root = installation().root
const all = join(root, 'test-results', 'pictures')
const kept = join(root, 'docs', 'pictures')
const SHOWN: ReadonlySet<string> = new Set(['runs-light-1440', 'run-live-dark-1440', 'compare-light-1440'])

const TRAININGS = [
  '--lr 0.001 --seed 1',
  '--lr 0.001 --seed 2',
  '--lr 0.001 --seed 3',
  '--lr 0.003 --seed 1',
  '--lr 0.003 --seed 2',
  '--lr 0.003 --seed 3',
  '--lr 0.003 --hidden 4 --seed 1',
  '--lr 0.01 --l2 0 --seed 1',
]

mkdirSync(all, { recursive: true })
mkdirSync(kept, { recursive: true })
const app = await startApp()
const browser = await launchBrowser()
const taken: string[] = []
try {
  await everyWay('first-run', '/', (page) => page.getByRole('heading', { name: 'Start a bench' }).waitFor())
  const { id: project, folder } = await app.client.projects.sample({ folder: join(app.folder, 'weather') })
  const git = (...given: readonly string[]): void =>
    void execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...given], { cwd: folder })
  git('init', '-q', '--initial-branch', 'main')
  git('add', '.')
  git('commit', '-qm', 'Begin')
  await everyWay('project-empty', `/p/${project}/runs`, (page) => page.getByText('No runs yet').waitFor())
  for (const given of TRAININGS) await train(app, project, `train.py --epochs 25 ${given}`)
  await everyWay('runs', `/p/${project}/runs`, async (page) => {
    await page.getByRole('button', { name: /Group seeds/ }).click()
    await page.getByRole('img').first().waitFor()
  })
  const runs = await app.client.runs.ids({ project, sort: [{ column: 'attribute:started', direction: 'desc' }] })
  const [last = '', second = '', third = ''] = runs
  await everyWay('compare', `/p/${project}/compare?runs=${[last, second, third].join(',')}`, (page) =>
    page.getByRole('row', { name: /^lr / }).waitFor(),
  )
  for (const tab of ['overview', 'charts', 'log', 'artifacts', 'code', 'environment', 'notes']) {
    await everyWay(`run-${tab}`, `/p/${project}/runs/${last}?tab=${tab}`, (page) =>
      page.getByRole('tab', { name: /Overview/ }).waitFor(),
    )
  }
  for (const place of ['jobs', 'settings', 'help']) {
    await everyWay(place, `/p/${project}/${place}`, (page) => page.getByRole('heading', { level: 1 }).waitFor())
  }
  await live(project)
  await contactSheet(browser)
} finally {
  await browser.close()
  await app.close()
}

async function train({ client }: TestApp, project: string, command: string): Promise<void> {
  const { run } = await client.launch.start({ project, spec: { command: ['python3', ...command.split(' ')] } })
  for (;;) {
    const { status } = await client.runs.get({ project, run })
    if (status === 'finished') return
    if (status !== 'running' && status !== 'queued') throw new Error(`${command} is ${status}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function everyWay(name: string, route: string, ready: (page: Page) => Promise<unknown>): Promise<void> {
  for (const theme of themes) for (const size of [wide, narrow]) await take(name, route, theme, size, ready)
}

async function take(
  name: string,
  route: string,
  theme: Theme,
  size: Size,
  ready: (page: Page) => Promise<unknown>,
): Promise<void> {
  const { page, close } = await app.open(browser, route, { theme, size })
  await ready(page)
  await page.waitForLoadState('networkidle')
  await settle(page)
  await picture(page, `${name}-${theme}-${size.width}`)
  await close()
}

/** A run while it trains: the page is opened at once, and the picture taken in the middle of it. */
async function live(project: string): Promise<void> {
  for (const theme of themes) {
    const { run } = await app.client.launch.start({
      project,
      spec: { command: ['python3', 'train.py', '--epochs', '60', '--lr', '0.002'] },
    })
    const { page, close } = await app.open(browser, `/p/${project}/runs/${run}`, { theme })
    await page
      .getByRole('log')
      .getByText(/epoch 24 /)
      .waitFor({ timeout: 60_000 })
    await settle(page)
    await picture(page, `run-live-${theme}-1440`)
    await close()
    await app.client.launch.stop({ project, run })
  }
}

async function picture(page: Page, name: string): Promise<void> {
  const file = join(all, `${name}.png`)
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' })
  taken.push(name)
  if (SHOWN.has(name)) copyFileSync(file, join(kept, `${name.replace(/-1440$/, '')}.png`))
}

async function contactSheet(own: Browser): Promise<void> {
  const html = `<!doctype html><meta charset="utf-8"><style>body{margin:12px;font:12px sans-serif;display:grid;grid-template-columns:repeat(4,1fr);gap:12px}img{width:100%;border:1px solid #ccc}</style>${taken.map((name) => `<figure style="margin:0"><img src="${name}.png"><figcaption>${name}</figcaption></figure>`).join('')}`
  const file = join(all, 'contact-sheet.html')
  writeFileSync(file, html)
  const page = await own.newPage({ viewport: { width: 1600, height: 1000 } })
  await page.goto(`file://${file}`)
  await page.screenshot({ path: join(all, 'contact-sheet.png'), fullPage: true })
  console.log(`${taken.length} pictures in ${all}`)
}
