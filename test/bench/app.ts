import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepingCode } from '#electron/backend/supervisor.ts'
import { installation } from '#electron/platform/installation.ts'
import { knownBackend } from '#electron/platform/known-backend.ts'
import { buildStale } from '#electron/start/build.ts'
import { readProcStat } from '#electron/platform/process/identity.ts'
import { postCaller } from '#electron/transport/post-caller.ts'
import { launchBrowser } from '#test/e2e/support/browser.ts'
import { need } from '#test/setup/needs.ts'
import { makeDemoData } from './demo-data.ts'
import { medianOf } from './median.ts'
import type { BenchRow } from './run-table.ts'

const RUNS = 10_000
const STARTS = 7
const PAGES = 5
const COMMANDS = 15
const FRAMES = 240

/** The built app as a person has it, on a project of 10,000 runs with 40 columns. Times are medians; memory is what the process costs alone. */
export async function appBench(): Promise<readonly BenchRow[]> {
  await buildStale({ root: installation().root })
  const home = mkdtempSync(join(tmpdir(), 'benchtop-bench-'))
  const dataFolder = join(home, 'data')
  try {
    const begun = performance.now()
    const project = await makeDemoData({ folder: join(home, 'demo'), dataFolder, runs: RUNS, points: 20 })
    const made = performance.now() - begun
    const starts: Start[] = []
    for (let start = 0; start < STARTS; start++) {
      const opened = await openOnce(dataFolder, project)
      starts.push(opened)
      await opened.end()
    }
    const last = await openOnce(dataFolder, project)
    try {
      return [
        row('backend: answers after its start', medianOf(starts.map(({ answers }) => answers)), 'ms', '< 150'),
        row(
          'backend: first table at 10k runs after its start',
          medianOf(starts.map(({ table }) => table)),
          'ms',
          '< 500',
        ),
        row('backend: processor time until that table', medianOf(starts.map(({ processor }) => processor)), 'ms'),
        row('backend: filter, sort and page of 10k runs, by POST', await filtered(last, project), 'ms'),
        ...(need('chromium').ok ? await pageRows(`${last.url}/#token=${last.token}&/p/${project}/runs`) : []),
        row('backend: memory, idle with 10k runs open', await idleMemory(last.process), 'MB', '< 200'),
        row(
          'benchtop run: added to a bare command',
          await commandOverhead(dataFolder, join(home, 'demo')),
          'ms',
          '< 100',
        ),
        row('demo data: 10,000 runs of 40 columns made', made / 1_000, 's'),
      ]
    } finally {
      await last.end()
    }
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

type Start = {
  readonly process: ChildProcess
  readonly url: string
  readonly token: string
  readonly answers: number
  readonly table: number
  /** Of all its threads until then; on a busy machine it says more than the time that passed. */
  readonly processor: number
  readonly end: () => Promise<void>
}

const COLUMNS = ['metric:val_acc:best', 'metric:val_loss:last', 'param:lr', 'param:optimizer', 'attribute:started']

async function openOnce(dataFolder: string, project: string): Promise<Start> {
  const begun = performance.now()
  const entry = installation().backendEntry
  const words = [entry, '--data-folder', dataFolder, '--port', '0', '--idle', '0']
  const child = spawn(process.execPath, words, {
    stdio: 'ignore',
    env: { ...process.env, ...keepingCode(dataFolder) },
  })
  let info = knownBackend(dataFolder)
  while (info?.pid !== child.pid || !(await isHealthy(info?.url ?? ''))) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    info = knownBackend(dataFolder)
  }
  const answers = performance.now() - begun
  const url = info?.url ?? ''
  const token = info?.token ?? ''
  const sort = [{ column: 'metric:val_acc:best', direction: 'desc' }]
  await postCaller({ url, token }).call('runs.table', { project, columns: COLUMNS, sort, limit: 100 }, {})
  return {
    process: child,
    url,
    token,
    answers,
    table: performance.now() - begun,
    processor: processorTime(child.pid ?? 0),
    end: () => {
      child.kill('SIGTERM')
      return new Promise((resolve) => child.once('exit', () => resolve()))
    },
  }
}

/** Milliseconds of user and system time, in the system's ticks of 10 ms; NaN where it doesn't tell. */
function processorTime(pid: number): number {
  const ticks = readProcStat(pid)?.ticks
  return ticks === undefined ? Number.NaN : ticks * 10
}

function isHealthy(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = get(`${url}/health`, { agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    call.on('error', () => resolve(false))
  })
}

async function filtered({ url, token }: Start, project: string): Promise<number> {
  const { call } = postCaller({ url, token })
  const times: number[] = []
  for (let round = 0; round < 15; round++) {
    // Another filter each time: a view that is kept would tell nothing.
    const filter = `lr = 0.01 and val_acc > ${0.8 + round / 1_000}`
    const begun = performance.now()
    await call('runs.table', { project, filter, columns: COLUMNS, limit: 100 }, {})
    times.push(performance.now() - begun)
  }
  return medianOf(times)
}

/** The page in Chromium: from the navigation until the first row is painted, and how long frames take while the table is scrolled by a wheel. */
async function pageRows(address: string): Promise<readonly BenchRow[]> {
  const browser = await launchBrowser()
  try {
    const paints: number[] = []
    let frames: readonly number[] = []
    for (let round = 0; round < PAGES; round++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
      const page = await context.newPage()
      await page.addInitScript(watchPaint)
      await page.goto(address)
      paints.push(await page.evaluate(() => (globalThis as unknown as Watched).painted ?? Number.NaN))
      if (round === PAGES - 1) {
        await page.mouse.move(720, 500)
        await page.evaluate(countFrames)
        for (let turn = 0; turn < FRAMES; turn++) await page.mouse.wheel(0, 120)
        frames = await page.evaluate(() => (globalThis as unknown as Watched).frames ?? [])
      }
      await context.close()
    }
    const slow = frames.toSorted((a, b) => a - b)
    return [
      row('page: first row of 10k runs painted after navigation', medianOf(paints), 'ms'),
      row('page: scrolling 10k runs, frame p95', slow[Math.floor(slow.length * 0.95)] ?? Number.NaN, 'ms', '<= 17'),
    ]
  } finally {
    await browser.close()
  }
}

/** What the two functions below leave in the page. */
type Watched = { painted?: Promise<number>; frames?: number[] }

/** Runs in the page before all else: resolves with the time of the frame that shows the first row. */
function watchPaint(): void {
  ;(globalThis as unknown as Watched).painted = new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      if (document.querySelector('[role=row][aria-rowindex="2"]') === null) return
      observer.disconnect()
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())))
    }).observe(document, { childList: true, subtree: true })
  })
}

/** Runs in the page: notes how long each frame takes from now on. */
function countFrames(): void {
  const frames: number[] = []
  ;(globalThis as unknown as Watched).frames = frames
  let last: number | undefined
  const frame = (now: number): void => {
    if (last !== undefined) frames.push(now - last)
    last = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

/** Proportional set size, once it has settled: shared pages count by their share. */
async function idleMemory({ pid }: ChildProcess): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  try {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
    return Number(pss) / 1_024
  } catch {
    return Number.NaN
  }
}

async function commandOverhead(dataFolder: string, folder: string): Promise<number> {
  const command = join(installation().root, 'electron', 'cli', 'benchtop.sh')
  const once = (program: string, words: readonly string[]): Promise<number> =>
    new Promise((resolve) => {
      const begun = performance.now()
      const env = { ...process.env, BENCHTOP_HOME: dataFolder }
      spawn(program, words, { cwd: folder, stdio: 'ignore', env }).once('close', () =>
        resolve(performance.now() - begun),
      )
    })
  const [bare, ours]: [number[], number[]] = [[], []]
  for (let round = 0; round < COMMANDS; round++) {
    bare.push(await once('true', []))
    ours.push(await once(command, ['run', '-q', '--', 'true']))
  }
  return medianOf(ours) - medianOf(bare)
}

function row(name: string, value: number, unit: string, target = ''): BenchRow {
  return { name, value, unit, target }
}
