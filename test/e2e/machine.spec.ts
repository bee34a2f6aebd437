import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pythonOutput } from '#test/interop/support/run-python.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { startApp, type TestApp } from './support/app.ts'
import { launchBrowser } from './support/browser.ts'
import { runTable } from './support/grid.ts'
import { eventually } from '#test/setup/eventually.ts'

/** Logs one metric of its own until the client's thread has measured the machine three times. */
const SCRIPT = `
import mlflow, time
client = mlflow.MlflowClient()
mlflow.enable_system_metrics_logging()
mlflow.set_system_metrics_sampling_interval(0.05)
mlflow.set_system_metrics_samples_before_logging(2)
mlflow.set_experiment("measured")
with mlflow.start_run(run_name="measured") as run:
    mlflow.log_param("epochs", 20)
    mlflow.log_metric("loss", 0.5, step=0)
    while len(client.get_metric_history(run.info.run_id, "system/cpu_utilization_percentage")) < 3:
        time.sleep(0.05)
print(run.info.run_id)
`

describeWith(['chromium', 'python', 'psutil'], 'a run whose client measures the machine', ({ python, psutil }) => {
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

  it('shows that beside what it was for, and nowhere among it', async () => {
    const cwd = app.folder
    const beside = ['-c', 'import os, psutil; print(os.path.dirname(os.path.dirname(psutil.__file__)))']
    const PYTHONPATH = (await pythonOutput(psutil, beside, { cwd })).trim()
    const environment = { MLFLOW_TRACKING_URI: app.url, PYTHONPATH }
    const run = (await pythonOutput(python, ['-c', SCRIPT], { cwd, environment })).trim().split('\n').at(-1) ?? ''
    const project = (await app.client.projects.recent({})).find(({ inbox }) => inbox)?.id ?? ''

    const metrics = await app.client.metrics.list({ project, run })
    const machine = metrics.filter(({ key }) => key.startsWith('system/'))
    expect(machine.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        'system/cpu_utilization_percentage',
        'system/disk_available_megabytes',
        'system/network_transmit_megabytes',
        'system/system_memory_usage_megabytes',
      ]),
    )
    for (const { count, lastStep } of machine) expect(lastStep).toBe(count - 1)

    const opened = await app.open(browser, `/p/${project}/runs/${run}`)
    const { page } = opened
    await page.getByText('CPU, machine').waitFor()
    await page.getByRole('tab', { name: 'Charts' }).click()
    const shown = page.getByRole('region', { name: 'Machine', exact: true })
    await eventually(async () => expect(await shown.textContent()).toMatch(/CPU, machine.*Memory, machine/s))
    expect(await page.getByRole('region', { name: 'Metrics', exact: true }).textContent()).not.toMatch(/machine|system/)

    await page.goto(`${app.url}/#/p/${project}/runs`)
    const grid = await runTable(page)
    await grid.getByRole('columnheader', { name: /^loss/ }).waitFor()
    expect(await grid.getByRole('columnheader', { name: /system/ }).count()).toBe(0)
    expect(opened.faults()).toEqual([])
    await opened.close()
  })
})
