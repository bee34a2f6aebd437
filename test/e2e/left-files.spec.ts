import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWriter } from '#electron/db/connection.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { type OpenedPage, startApp, type TestApp } from './support/app.ts'
import { expectAxeClean } from './support/axe.ts'
import { launchBrowser, showTheme, themes } from './support/browser.ts'
import { screenshot } from './support/screenshot.ts'
import { seedProject, seedRuns } from './support/seed.ts'

describeWith(['chromium'], 'files that another tracker left in a folder of its own', () => {
  let app: TestApp
  let browser: Browser
  let opened: OpenedPage
  let page: Page
  let left: string
  let there: string
  let remote: string
  let project: string

  beforeAll(async () => {
    app = await startApp()
    browser = await launchBrowser()
    project = await seedProject(app, 'left')
    ;[there = '', remote = ''] = await seedRuns(app, project, [{ name: 'there' }, { name: 'remote' }])
    left = join(app.folder, 'mlruns', '0', there, 'artifacts')
    mkdirSync(join(left, 'plots'), { recursive: true })
    writeFileSync(join(left, 'notes.md'), '# As it was left')
    const db = openWriter(join(app.folder, 'left', '.benchtop', 'project.db'))
    for (const [run, location] of [
      [there, left],
      [remote, 's3://bucket/7/artifacts'],
    ] as const) {
      db.run(`INSERT INTO artifact_root (owner_kind, owner, location) VALUES ('run', ?, ?)`, run, location)
    }
    db.close()
  })
  afterAll(async () => {
    await browser.close()
    await app.close()
  })

  const show = async (run: string): Promise<void> => {
    opened = await app.open(browser, `/p/${project}/runs/${run}`)
    page = opened.page
    await page.getByRole('tab', { name: /^Artifacts/ }).click()
  }
  const look = async (name: string): Promise<void> => {
    for (const theme of themes) {
      await showTheme(page, theme)
      await screenshot(page, `left-files-${name}-${theme}`)
    }
    await expectAxeClean(page)
    expect(opened.faults()).toEqual([])
    await opened.close()
  }

  it('are shown from there, and the page says where', async () => {
    await show(there)
    await page.getByText('Referenced, not copied').waitFor()
    await page.getByText(left, { exact: true }).waitFor()
    await page.getByRole('button', { name: /^notes\.md/ }).click()
    await page.getByRole('heading', { name: 'As it was left' }).waitFor()
    await look('there')
  })

  it('whose folder is gone are missed aloud, and what was added here is still shown', async () => {
    renameSync(left, `${left}-away`)
    await show(there)
    await page.getByText(`were left in ${left}, and that folder is not there now. Put the folder back`).waitFor()
    await look('gone')
    const root = `${app.url}/p/${project}/api/2.0/mlflow-artifacts/artifacts`
    await fetch(`${root}/0/${there}/artifacts/mine.txt`, { method: 'PUT', body: 'mine' })
    await show(there)
    await page.getByRole('button', { name: /^mine\.txt/ }).waitFor()
    await page.getByText('Only what was added here is shown').waitFor()
    await look('gone-with-own')
  })

  it('that lie in a store of their own are named by their address', async () => {
    await show(remote)
    await page.getByText('s3://bucket/7/artifacts').waitFor()
    await look('remote')
  })
})
