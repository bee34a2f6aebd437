import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { installation } from '#electron/platform/installation.ts'
import { startApp, type TestApp } from './support/app.ts'
import { writeFileStore } from './support/mlruns.ts'
import { registerModel } from './support/registry.ts'
import { launchBrowser, narrow, settle, type Size, type Theme, themes, wide } from './support/browser.ts'

/**
 * `npm run pictures`: trains the sample for real, drives the app through its screens in both themes and both sizes, writes all pictures
 * and one contact sheet to `test-results/pictures`, and those that the README shows to `docs/pictures`.
 */

const root = installation().root
const all = join(root, 'test-results', 'pictures')
const kept = join(root, 'docs', 'pictures')
/** What the README shows, by the name of the picture without its size. */
const SHOWN: ReadonlySet<string> = new Set(['first-run-light', 'runs-light', 'run-live-dark', 'compare-light'])

/** A study over seeds; the last one with the changed code. */
const STUDY: readonly (readonly [name: string, options: string])[] = [
  ['slow', '--lr 0.0005 --hidden 16'],
  ['plain', '--lr 0.001 --hidden 16'],
  ['wide', '--lr 0.001 --hidden 32'],
  ['quick', '--lr 0.003 --hidden 16'],
  ['quick-wide', '--lr 0.003 --hidden 32'],
  ['balanced', '--lr 0.003 --hidden 16 --balance 1'],
]
const CHANGED: readonly (readonly [name: string, options: string])[] = [['warm-up', '--lr 0.004 --hidden 32']]
const SEEDS = [7, 1, 42]
const EPOCHS = 14

mkdirSync(all, { recursive: true })
mkdirSync(kept, { recursive: true })
const app = await startApp()
const browser = await launchBrowser()
const taken: string[] = []
try {
  await everyWay('first-run', '/', (page) => page.getByRole('heading', { name: 'Start a bench' }).waitFor())
  const { id: project, folder } = await app.client.projects.sample({ folder: join(app.folder, 'weather') })
  putUnderGit(folder)
  await everyWay('project-empty', `/p/${project}/runs`, (page) => page.getByText('No runs yet').waitFor())
  await everyWay('launch', `/p/${project}/runs`, async (page) => {
    await page.getByRole('button', { name: 'Launch run…' }).click()
    await page.getByRole('textbox', { name: 'Command' }).fill('python3 train.py --lr 0.003 --hidden 16')
    await page.getByText('What will run').waitFor()
  })
  const runs = await study(app, project, STUDY)
  changeTheCode(folder)
  const changed = await study(app, project, CHANGED)
  const found = await app.client.runs.table({ project, columns: [], group: 'seed', limit: 100 })
  const best = found.rows.find(({ name }) => name === 'warm-up')?.id ?? ''
  const view = {
    group: 'seed',
    baseline: runs[3],
    sort: [{ column: 'metric:val_acc:best', direction: 'desc' }],
    expanded: [best],
  }
  await everyWay('runs', `/p/${project}/runs`, (page) => look(page, project, view))
  for (const mode of ['table', 'charts'])
    await everyWay(`runs-${mode}`, `/p/${project}/runs`, (page) => look(page, project, { mode }))
  await everyWay('filter', `/p/${project}/runs`, async (page) => {
    await page.getByRole('combobox', { name: 'Filter runs' }).click()
    await page.keyboard.type('best(val_acc) > 0.85 and not lr = 0.0005 and hid')
    await page.getByRole('option').first().waitFor()
  })
  const [last = ''] = changed
  await everyWay('compare', `/p/${project}/compare?runs=${[runs[3], runs[12], last].join(',')}`, async (page) => {
    await page.getByRole('row', { name: /^lr / }).waitFor()
    await page.getByRole('button', { name: 'Compared with' }).click()
    await page.getByRole('option', { name: 'warm-up' }).click()
    await page
      .getByText(/in 1 file$/)
      .first()
      .waitFor()
  })
  for (const tab of ['overview', 'charts', 'log', 'artifacts', 'code', 'environment', 'notes']) {
    await everyWay(`run-${tab}`, `/p/${project}/runs/${last}?tab=${tab}`, async (page) => {
      await page.getByRole('tab', { name: new RegExp(tab, 'i'), selected: true }).waitFor()
      if (tab === 'artifacts') await page.getByRole('button', { name: /confusion_matrix/ }).click()
    })
  }
  await registry(app, project, [runs[12] ?? '', last])
  await everyWay('models', `/p/${project}/models`, (page) => page.getByRole('row', { name: /^rain/ }).waitFor())
  await everyWay('model', `/p/${project}/models/rain`, (page) => page.getByText('models:/rain@challenger').waitFor())
  for (const place of ['jobs', 'settings', 'help'])
    await everyWay(place, `/p/${project}/${place}`, (page) => page.getByRole('heading', { level: 1 }).waitFor())
  mkdirSync(join(app.folder, 'thesis'))
  const from = encodeURIComponent(writeFileStore(join(app.folder, 'thesis')))
  await everyWay('import', `/p/${project}/import?from=${from}`, (page) =>
    page.getByRole('button', { name: 'Import 3 runs' }).waitFor(),
  )
  await everyWay('palette', `/p/${project}/runs`, async (page) => {
    await page.getByRole('treegrid').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('option').first().waitFor()
  })
  await everyWay('shortcuts', `/p/${project}/runs`, async (page) => {
    await page.getByRole('treegrid').waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  })
  await live(project)
  await contactSheet(browser)
} finally {
  await browser.close()
  await app.close()
}

function putUnderGit(folder: string): void {
  const git = (...given: readonly string[]): void =>
    void execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...given], { cwd: folder })
  writeFileSync(join(folder, '.gitignore'), 'outputs/\n')
  git('init', '-q', '--initial-branch', 'main')
  git('add', '.')
  git('commit', '-qm', 'Begin')
}

/** What a script registers: a model of two versions, the first of which is in use. */
async function registry(app: TestApp, project: string, runs: readonly string[]): Promise<void> {
  const files = { MLmodel: 'flavors:\n  python_function:\n    loader_module: train\n', 'weights.json': '{}\n' }
  for (const run of runs) await registerModel(app, project, 'rain', run, files)
  const { models } = app.client
  await models.setDescription({ project, name: 'rain', description: 'Will it rain tomorrow?' })
  await models.setAlias({ project, name: 'rain', version: 1, alias: 'champion' })
  await models.setAlias({ project, name: 'rain', version: 2, alias: 'challenger' })
}

/** A change as a researcher would make one between two runs. */
function changeTheCode(folder: string): void {
  const file = join(folder, 'train.py')
  const before = readFileSync(file, 'utf8')
  const after = before.replace(
    '        rate = options.lr / (1 + options.decay * (epoch - 1))\n',
    '        # The first steps are the largest: they begin with care.\n' +
      '        warm = min(1, epoch / 3)\n' +
      '        rate = warm * options.lr / (1 + options.decay * (epoch - 1))\n',
  )
  if (after === before) throw new Error('train.py of the sample has changed: change it here in another way')
  writeFileSync(file, after)
}

async function study({ client }: TestApp, project: string, named: typeof STUDY): Promise<readonly string[]> {
  const runs: string[] = []
  for (const [name, options] of named) {
    for (const seed of SEEDS) {
      const command = ['python3', 'train.py', ...options.split(' '), '--epochs', String(EPOCHS), '--seed', String(seed)]
      const { run } = await client.launch.start({ project, spec: { command, name }, queue: true })
      runs.push(run)
    }
  }
  for (const run of runs) {
    for (;;) {
      const { status } = await client.runs.get({ project, run })
      if (status === 'finished') break
      if (status !== 'running' && status !== 'queued') throw new Error(`a run is ${status}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  return runs
}

/** Shows the runs as the page would remember that they were last looked at. */
async function look(page: Page, project: string, view: unknown): Promise<void> {
  await page.evaluate(([key, value]) => localStorage.setItem(key, value), [
    `benchtop.runs.${project}`,
    JSON.stringify(view),
  ] as const)
  await page.reload()
  await page.getByRole('region', { name: 'Charts' }).or(page.getByRole('treegrid')).first().waitFor()
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
  await drawn(page)
  await picture(page, `${name}-${theme}`, size)
  await close()
}

/** Charts ask for what their width can show once it has rested, and draw it when it comes. */
async function drawn(page: Page): Promise<void> {
  await page.waitForTimeout(700)
  await settle(page)
}

/** A run while it trains, seen in both themes at the same moment. */
async function live(project: string): Promise<void> {
  const { run } = await app.client.launch.start({
    project,
    spec: { command: ['python3', 'train.py', '--epochs', '40', '--lr', '0.002', '--hidden', '32'], name: 'longer' },
  })
  const opened = await Promise.all(themes.map((theme) => app.open(browser, `/p/${project}/runs/${run}`, { theme })))
  for (const [index, { page }] of opened.entries()) {
    await page
      .getByRole('log')
      .getByText(/epoch 1[5-9] |epoch 2\d /)
      .first()
      .waitFor({ timeout: 60_000 })
    await settle(page)
    await picture(page, `run-live-${themes[index]}`, wide)
  }
  for (const { close } of opened) await close()
  await app.client.launch.stop({ project, run })
}

async function picture(page: Page, name: string, size: Size): Promise<void> {
  const file = join(all, `${name}-${size.width}.png`)
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' })
  taken.push(`${name}-${size.width}`)
  if (SHOWN.has(name) && size === wide) copyFileSync(file, join(kept, `${name}.png`))
}

async function contactSheet(own: Browser): Promise<void> {
  const figures = taken.map(
    (name) => `<figure style="margin:0"><img src="${name}.png"><figcaption>${name}</figcaption></figure>`,
  )
  const style =
    'body{margin:12px;font:12px sans-serif;display:grid;grid-template-columns:repeat(4,1fr);gap:12px}img{width:100%;border:1px solid #ccc}'
  const file = join(all, 'contact-sheet.html')
  writeFileSync(file, `<!doctype html><meta charset="utf-8"><style>${style}</style>${figures.join('')}`)
  const page = await own.newPage({ viewport: { width: 1600, height: 1000 } })
  await page.goto(`file://${file}`)
  await page.screenshot({ path: join(all, 'contact-sheet.png'), fullPage: true })
  console.log(`${taken.length} pictures in ${all}`)
}
