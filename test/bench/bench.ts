import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBackend } from '#electron/backend/ensure-backend.ts'
import { installation } from '#electron/platform/installation.ts'
import { buildStale } from '#electron/start/build.ts'
import { need } from '#test/setup/needs.ts'
import { launchBrowser } from '#test/e2e/support/browser.ts'
import { makeDemoData } from './demo-data.ts'
import { type BenchRow, ingestBench } from './ingest.ts'
import { runTableBench } from './run-table.ts'

/**
 * `npm run bench [NAME...]`: the table of docs and of DESIGN, on bundles. Nothing here is asserted: a number is true of the machine and the
 * minute in which it was taken, so the load stands above the table.
 */
const RUNS = 10_000
const PARTS = { ingest: ingestBench, table: runTableBench, app: appBench } as const
type Part = keyof typeof PARTS

const asked = process.argv.slice(2)
const parts = (Object.keys(PARTS) as Part[]).filter((name) => asked.length === 0 || asked.includes(name))
console.log(`load ${readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ')}`)
for (const part of parts) {
  for (const { name, value, unit, target } of await PARTS[part]()) {
    console.log(`${name.padEnd(58)} ${shown(value).padStart(12)} ${unit.padEnd(12)} ${target}`)
  }
}

function shown(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
}

/** The app as a person starts it, on 10,000 runs of 40 columns. */
async function appBench(): Promise<readonly BenchRow[]> {
  await buildStale({ root: installation().root })
  const here = installation()
  const home = mkdtempSync(join(tmpdir(), 'benchtop-bench-'))
  const dataFolder = join(home, 'data')
  const project = await makeDemoData({ folder: join(home, 'demo'), dataFolder, runs: RUNS, points: 20 })
  const rows: BenchRow[] = []
  const started = performance.now()
  const backend = spawn(
    process.execPath,
    [here.backendEntry, '--data-folder', dataFolder, '--port', '0', '--idle', '0'],
    { stdio: 'ignore' },
  )
  try {
    let found = await findBackend(dataFolder)
    while (found === undefined || found.pid !== backend.pid) {
      await new Promise((resolve) => setTimeout(resolve, 3))
      found = await findBackend(dataFolder)
    }
    rows.push({ name: 'backend answers after start', value: performance.now() - started, unit: 'ms', target: '< 150' })
    const { url, token } = found
    const table = async (filter: string): Promise<number> => {
      const before = performance.now()
      const response = await fetch(`${url}/rpc/runs.table`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({
          project,
          filter,
          columns: ['metric:val_acc:best', 'param:lr', 'attribute:started'],
          sort: [{ column: 'metric:val_acc:best', direction: 'desc' }],
          limit: 100,
        }),
      })
      await response.text()
      return performance.now() - before
    }
    await table('')
    rows.push({
      name: 'first table at 10k runs, from the start of the process',
      value: performance.now() - started,
      unit: 'ms',
      target: '< 500',
    })
    await table('val_acc > 0.5')
    rows.push({
      name: 'filter, sort and a page of 10k runs, by POST',
      value: await table('lr = 0.01 and val_acc > 0.9'),
      unit: 'ms',
      target: '',
    })
    if (need('chromium').ok) rows.push(...(await pageRows(`${url}/#token=${token}&/p/${project}/runs`)))
    rows.push({
      name: 'memory, backend with 10k runs open',
      value: memoryOf(backend.pid ?? 0),
      unit: 'MB (PSS)',
      target: '< 200',
    })
    return rows
  } finally {
    backend.kill('SIGTERM')
    await new Promise((resolve) => backend.once('exit', resolve))
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The page in Chromium: first row on screen, and how long frames take while it scrolls. */
async function pageRows(address: string): Promise<readonly BenchRow[]> {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const before = performance.now()
    await page.goto(address)
    await page.locator('[role=row][aria-rowindex="2"]').first().waitFor()
    const first = performance.now() - before
    const frames = await page.evaluate(async () => {
      const grid = [...document.querySelectorAll('[role=grid],[role=treegrid]')]
        .flatMap((one) => [one, ...one.querySelectorAll('*')])
        .find((one) => one.scrollHeight > one.clientHeight + 1_000)
      const times: number[] = []
      let last = performance.now()
      for (let step = 0; step < 120 && grid !== undefined; step++) {
        grid.scrollTop += 56
        await new Promise((resolve) => requestAnimationFrame(resolve))
        const now = performance.now()
        times.push(now - last)
        last = now
      }
      return times.toSorted((a, b) => a - b)
    })
    return [
      { name: 'page: first row of 10k runs on screen', value: first, unit: 'ms', target: '' },
      {
        name: 'page: scrolling 10k runs, p95 of a frame',
        value: frames[Math.floor(frames.length * 0.95)] ?? Number.NaN,
        unit: 'ms',
        target: '<= 17',
      },
    ]
  } finally {
    await browser.close()
  }
}

/** Proportional set size: what the process costs, shared pages by their share. */
function memoryOf(pid: number): number {
  const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(pss) / 1_024
}
