import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { type OpenedPage, startApp, type TestApp } from './support/app.ts'
import { expectAxeClean } from './support/axe.ts'
import { launchBrowser } from './support/browser.ts'
import { eventually } from '#test/setup/eventually.ts'
import { screenshot } from './support/screenshot.ts'

/** Prints a long log and writes files that would like to do more than be looked at. */
const SCRIPT = `
import argparse, json, pathlib, sys
parser = argparse.ArgumentParser()
parser.add_argument('--lr', type=float, default=0.1)
parser.add_argument('--epochs', type=int, default=3)
options = parser.parse_args()
out = pathlib.Path('outputs'); out.mkdir(exist_ok=True)
for line in range(3000):
    print(f'row {line} needle' if line % 1000 == 7 else f'row {line}')
for epoch in range(1, options.epochs + 1):
    print(f'epoch {epoch} val_acc {0.5 + epoch / 10} val_loss {1 / epoch}')
print('UserWarning: this is only a test', file=sys.stderr)
(out / 'report.html').write_text('<h1>Report</h1><script>parent.hacked = true; document.title = "hacked"</script>')
(out / 'plot.svg').write_text('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="top.hacked = true"><script>top.hacked = true</script><rect width="40" height="40" fill="teal"/></svg>')
(out / 'notes.md').write_text('# Title\\n\\n<img src=x onerror="hacked = true"> [link](javascript:hacked=true)\\n\\n| a | b |\\n|---|---|\\n| 1 | 2 |\\n')
(out / 'result.json').write_text(json.dumps({'best': {'val_acc': 0.8}, 'kinds': ['a', 'b']}))
(out / 'table.csv').write_text('name,value\\nfirst,1.5\\nsecond,"2,5"\\n')
(out / 'weights.bin').write_bytes(bytes(range(256)))
`

describeWith(['chromium'], 'a run’s page', () => {
  let app: TestApp
  let browser: Browser
  let opened: OpenedPage
  let page: Page
  let project: string
  let run: string
  /** What is expected on the console: a sandboxed page says that its script was blocked. */
  let expected: RegExp | undefined

  beforeAll(async () => {
    app = await startApp()
    browser = await launchBrowser()
    const folder = join(app.folder, 'odd')
    mkdirSync(folder)
    writeFileSync(join(folder, 'train.py'), SCRIPT)
    project = (await app.client.projects.open({ folder })).id
    const start = async (...options: readonly string[]): Promise<string> => {
      const { run: id } = await app.client.launch.start({
        project,
        spec: { command: ['python3', 'train.py', ...options] },
      })
      await eventually(async () => expect((await app.client.runs.get({ project, run: id })).status).toBe('finished'))
      return id
    }
    await start()
    run = await start('--lr', '0.5')
  })
  beforeEach(async () => {
    expected = undefined
    opened = await app.open(browser, `/p/${project}/runs/${run}`)
    page = opened.page
    await page.getByRole('tab', { name: 'Overview' }).waitFor()
  })
  afterEach(async () => {
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(opened.faults().filter((fault) => expected === undefined || !expected.test(fault))).toEqual([])
    await opened.close()
  })
  afterAll(async () => {
    await browser.close()
    await app.close()
  })

  const tab = async (name: string): Promise<void> => {
    await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click()
  }

  it('says what changed since the run before, and leads to the difference', async () => {
    await page.getByRole('heading', { name: /^Changed since/ }).waitFor()
    const changes = page.getByRole('region', { name: /^Changed since/ })
    await eventually(async () => expect(await changes.textContent()).toMatch(/lr0\.1 → 0\.5/))
    await page.getByRole('link', { name: 'Open difference' }).click()
    await page.getByRole('heading', { name: 'Compare 2 runs' }).waitFor()
    await page.getByRole('row', { name: /^lr / }).waitFor()
  })

  it('its log is found in, from hit to hit', async () => {
    await tab('Log')
    const log = page.getByRole('log', { name: 'Output' })
    // It opens at its end, where a warning stands out.
    await log.getByText('epoch 3').waitFor()
    await page.getByRole('searchbox', { name: 'Find in log' }).fill('NEEDLE')
    await page.getByText('1 of 3').waitFor()
    await log.getByText('row 7 needle').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('2 of 3').waitFor()
    await log.getByText('row 1007 needle').waitFor()
    expect(await log.locator('mark').first().textContent()).toBe('needle')
    await page.keyboard.press('Shift+Enter')
    await log.getByText('row 7 needle').waitFor()
    await page.getByRole('searchbox', { name: 'Find in log' }).fill('nothing like it')
    await page.getByText('none', { exact: true }).waitFor()
  })

  it('files of strangers are shown and do nothing', async () => {
    expected = /Blocked script execution in 'about:srcdoc'/
    await tab('Artifacts')
    const choose = (name: string): Promise<void> =>
      page.getByRole('button', { name: new RegExp(`outputs/${name}`) }).click()
    await choose('report.html')
    const frame = page.frameLocator('iframe')
    await frame.getByRole('heading', { name: 'Report' }).waitFor()
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('')
    await choose('plot.svg')
    const image = page.getByRole('img', { name: 'outputs/plot.svg' })
    await eventually(async () => expect(await image.evaluate((node: HTMLImageElement) => node.naturalWidth)).toBe(40))
    await choose('notes.md')
    const article = page.getByRole('article')
    await article.getByRole('heading', { name: 'Title' }).waitFor()
    expect(await article.locator('img, script, a[href^="javascript"]').count()).toBe(0)
    await article.getByRole('cell', { name: '2' }).waitFor()
    await choose('result.json')
    await page
      .getByRole('treegrid', { name: 'outputs/result.json' })
      .or(page.getByRole('tree', { name: 'outputs/result.json' }))
      .waitFor()
    await choose('table.csv')
    await page.getByRole('cell', { name: '2,5' }).waitFor()
    await choose('weights.bin')
    await page.getByText('There is no way to show this kind of file here.').waitFor()
  })

  it('notes and tags are kept, and tags can be taken off', async () => {
    await tab('Notes')
    const writing = page.getByRole('textbox', { name: 'Note', exact: true })
    await writing.fill('The **first** that worked, see [the card](https://example.org/card).')
    await page.getByRole('textbox', { name: 'Tag' }).fill('paper')
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.getByRole('textbox', { name: 'Value' }).fill('table 2')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove paper' }).waitFor()
    await page.reload()
    const note = page.getByRole('region', { name: 'Note' })
    expect(await note.getByRole('strong').textContent()).toBe('first')
    const link = note.getByRole('link', { name: 'the card' })
    expect(await Promise.all(['href', 'target', 'rel'].map((name) => link.getAttribute(name)))).toEqual([
      'https://example.org/card',
      '_blank',
      'noopener noreferrer',
    ])
    // What a script writes comes while it is read; what a person writes is not written over.
    await app.client.runs.setNote({ project, run, note: '# From a script\n\n<img src=x onerror="hacked = true">' })
    await note.getByRole('heading', { name: 'From a script' }).waitFor()
    expect(await note.locator('img').count()).toBe(0)
    await expectAxeClean(page)
    await screenshot(page, 'run-note')
    await note.getByRole('button', { name: 'Edit' }).click()
    await writing.fill('- mine')
    await page.getByRole('textbox', { name: 'Tag' }).focus()
    await note.getByRole('listitem').getByText('mine').waitFor()
    expect((await app.client.runs.get({ project, run })).note).toBe('- mine')
    await page.getByRole('button', { name: 'Remove paper' }).click()
    await page.getByRole('button', { name: 'Remove paper' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Control+z')
    await page.getByRole('button', { name: 'Remove paper' }).waitFor()
  })

  it('keys go from tab to tab, and run it again with changes', async () => {
    await page.keyboard.press('2')
    await page.getByRole('tab', { name: /^Charts/, selected: true }).waitFor()
    await page.getByRole('region', { name: 'val_acc' }).waitFor()
    await expectAxeClean(page)
    await page.keyboard.press('Shift+R')
    const dialog = page.getByRole('dialog', { name: 'Run again with changes' })
    const lr = dialog.getByRole('textbox', { name: 'lr' })
    await lr.fill('0.7')
    await page.keyboard.press('Enter')
    const command = dialog.getByRole('textbox', { name: 'Command' })
    await eventually(async () => expect(await command.inputValue()).toBe('python3 train.py --lr 0.7'))
    await expectAxeClean(page)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })
})
