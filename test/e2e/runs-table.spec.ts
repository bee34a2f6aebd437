import type { Browser, Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { type OpenedPage, startApp, type TestApp } from './support/app.ts'
import { expectAxeClean } from './support/axe.ts'
import { launchBrowser, settle } from './support/browser.ts'
import { expectNames, namesIn, runTable } from './support/grid.ts'
import { eventually } from '#test/setup/eventually.ts'
import { seedProject, seedRuns, STUDY } from './support/seed.ts'

const NEWEST_FIRST = STUDY.map(({ name }) => name).toReversed()

describeWith(['chromium'], 'the run table', () => {
  let app: TestApp
  let browser: Browser
  let opened: OpenedPage
  let page: Page
  let grid: Locator
  let project: string
  let made = 0

  beforeAll(async () => {
    app = await startApp()
    browser = await launchBrowser()
  })
  beforeEach(async () => {
    // A project of its own for each test: what one archives, another counts.
    project = await seedProject(app, `study-${++made}`)
    await seedRuns(app, project, STUDY)
    opened = await app.open(browser, `/p/${project}/runs`)
    page = opened.page
    grid = await runTable(page)
    await expectNames(grid, NEWEST_FIRST)
  })
  afterEach(async () => {
    expect(opened.faults()).toEqual([])
    await opened.close()
  })
  afterAll(async () => {
    await browser.close()
    await app.close()
  })

  const filter = (): Locator => page.getByRole('combobox', { name: 'Filter runs' })

  it('is filtered while one types, completes, and says what is wrong where it is wrong', async () => {
    await filter().fill("lr = 0.1 and optimizer = 'sgd'")
    await expectNames(grid, ['lr0.1-seed3', 'lr0.1-seed2', 'lr0.1-seed1'])
    await page.getByText('3 of 8 runs').waitFor()
    // The filter is part of the address: Back and a link keep it.
    expect(decodeURIComponent(page.url())).toContain("lr = 0.1 and optimizer = 'sgd'")

    await filter().fill('opt')
    const options = page.getByRole('option')
    await options.first().waitFor()
    expect(await options.first().textContent()).toMatch(/^optimizer/)
    await page.keyboard.press('Tab')
    expect(await filter().inputValue()).toBe('optimizer ')
    await page.keyboard.type("= 'adam' and lr > > 3")
    await page.keyboard.press('Escape')
    const fault = page.getByText('A value should stand here, not ">".')
    await fault.waitFor()
    await expectAxeClean(page)
    // A half-written clause leaves the table as the last whole filter had it.
    await expectNames(grid, ['lr0.01-seed3', 'lr0.01-seed2', 'lr0.01-seed1'])
    expect(await filter().getAttribute('aria-invalid')).toBe('true')

    await filter().fill('val_acc > 2')
    await page.getByText('8 runs are here; this filter leaves none.').waitFor()
    await page.getByRole('button', { name: 'Clear filter' }).last().click()
    await expectNames(grid, NEWEST_FIRST)
  })

  it('sorts by its headers and groups what differs in the seed alone', async () => {
    const header = grid.getByRole('columnheader', { name: /^val_acc/ })
    await header.click()
    await eventually(async () => expect(await header.getAttribute('aria-sort')).toBe('descending'))
    expect((await namesIn(grid))[0]).toBe('lr0.01-seed3')
    await header.click()
    await eventually(async () => expect((await namesIn(grid))[0]).toBe('alone'))

    await page.getByRole('button', { name: 'Group seeds' }).click()
    await page.getByText('4 groups, 8 runs').waitFor()
    const group = grid.getByRole('row', { name: /lr0\.1-seed1/ })
    // The mean of 0.70, 0.71 and 0.72, and their sample deviation.
    await group.getByText('0.7100').waitFor()
    expect(await group.textContent()).toContain('± .0100')
    await group.getByRole('button', { name: 'Open' }).click()
    await expectNames(grid, [
      'alone',
      'lr0.1-seed1',
      'lr0.1-seed1',
      'lr0.1-seed2',
      'lr0.1-seed3',
      'lr0.01-seed1',
      'broken',
    ])
    await page.getByText('mean, min–max of seeds').first().waitFor()
  })

  it('holds a baseline under its header, with the difference of each run', async () => {
    await grid.getByText('lr0.1-seed1').click({ button: 'right' })
    await page.getByRole('menuitem', { name: /Set as baseline/ }).click()
    await grid.getByRole('columnheader', { name: /Δ base/ }).waitFor()
    await page.getByRole('button', { name: 'Remove Baseline' }).waitFor()
    const other = grid.locator('[role=row]:not([data-pinned])').filter({ hasText: 'lr0.01-seed1' })
    // The first metric is val_acc: 0.85 against 0.70.
    expect(await other.textContent()).toContain('+0.1500')
  })

  it('columns are chosen, hidden and remembered', async () => {
    await page.getByRole('button', { name: /^Columns/ }).click()
    const chooser = page.getByRole('dialog', { name: 'Columns' })
    await chooser.getByRole('button', { name: 'val_loss last' }).click()
    await chooser.getByRole('button', { name: 'val_loss best' }).click()
    await page.keyboard.press('Escape')
    await eventually(async () =>
      expect(await grid.getByRole('columnheader', { name: /val_loss/ }).allTextContents()).toEqual(['val_losslast']),
    )
    await page.reload()
    await runTable(page)
    await eventually(async () =>
      expect(await grid.getByRole('columnheader', { name: /val_loss/ }).allTextContents()).toEqual(['val_losslast']),
    )
  })

  it('is walked, selected, renamed, archived, undone and compared by keys alone', async () => {
    await page.keyboard.press('/')
    expect(await filter().evaluate((node) => node === document.activeElement)).toBe(true)
    await page.keyboard.type('not status = "failed"')
    await expectNames(grid, NEWEST_FIRST.slice(1))
    await page.keyboard.press('Escape')
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab')
      if (await grid.evaluate((node) => node === document.activeElement)) break
    }
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog', { name: 'Rename this run' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('renamed')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await eventually(async () => expect(await namesIn(grid)).toContain('renamed'))

    await grid.focus()
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('2 selected').waitFor()
    await page.keyboard.press('a')
    await page.getByText('2 runs archived').waitFor()
    await eventually(async () => expect(await namesIn(grid)).toHaveLength(5))
    await page.keyboard.press('Control+z')
    await page.getByText('Undone: Archiving of 2 runs').waitFor()
    await eventually(async () => expect(await namesIn(grid)).toHaveLength(7))

    await grid.focus()
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('x')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('c')
    await page.getByRole('heading', { name: 'Compare 2 runs' }).waitFor()
    await page.getByText(/^1 of \d+$/).waitFor()
    await page.keyboard.press('n')
    await page.getByText(/^2 of \d+$/).waitFor()
  })

  it('what is removed waits in the trash, and is deleted for good only when asked', async () => {
    await grid.getByText('broken').click()
    await page.keyboard.press('Backspace')
    await page.getByText('Run moved to trash, kept 30 days').waitFor()
    await eventually(async () => expect(await namesIn(grid)).not.toContain('broken'))
    await page.getByRole('button', { name: /Which runs/ }).click()
    await page.getByRole('option', { name: 'Trash' }).click()
    const trash = await runTable(page)
    await expectNames(trash, ['broken'])
    await trash.getByText('broken').click({ button: 'right' })
    await page.getByRole('menuitem', { name: /Delete for good/ }).click()
    const asked = page.getByRole('alertdialog', { name: /Delete this run and .* for good\?/ })
    await asked.getByText('1 point and 0 files go with it').waitFor()
    await expectAxeClean(page)
    await asked.getByRole('button', { name: /^Delete/ }).click()
    await page.getByText('The trash is empty').waitFor()
    const kept = await app.client.runs.ids({ project })
    expect(kept).toHaveLength(STUDY.length - 1)
  })

  it('keeps its names in view, whichever way it is scrolled', async () => {
    await page.setViewportSize({ width: 1024, height: 340 })
    const name = grid.getByText('lr0.1-seed1', { exact: true })
    const left = async (): Promise<number> => Math.round((await name.boundingBox())?.x ?? Number.NaN)
    await grid.hover()
    await page.mouse.wheel(0, 2_000)
    await eventually(async () => expect(await grid.evaluate((node) => node.scrollTop)).toBeGreaterThan(0))
    const before = await left()
    await page.mouse.wheel(120, 0)
    await eventually(async () => expect(await grid.evaluate((node) => node.scrollLeft)).toBeGreaterThan(0))
    expect(await left()).toBe(before)
    await page.mouse.wheel(0, -30)
    await eventually(async () => expect(await grid.getAttribute('data-rolling')).toBeNull())
    expect(await left()).toBe(before)
    await page.mouse.wheel(-2_000, 0)
    await eventually(async () => expect(await grid.evaluate((node) => node.scrollLeft)).toBe(0))
    expect(await left()).toBe(before)
  })

  it('while it is scrolled no chart is drawn, and each chart is one canvas', async () => {
    const charts = page.getByRole('region', { name: 'Charts' })
    for (const name of ['val_acc', 'val_loss']) {
      const chart = charts.getByRole('region', { name, exact: true })
      await chart.getByRole('img').waitFor()
      expect(await chart.locator('canvas').count()).toBe(1)
    }
    // A row is its cells and what stands in them, and little else: each node is paid for in every frame.
    const [cells, nodes] = await grid
      .locator('[data-line="3"]')
      .evaluate((row) => [row.querySelectorAll('[role=gridcell]').length, row.querySelectorAll('*').length] as const)
    expect(nodes).toBeLessThanOrEqual(2 * cells + 10)
    // The pointer itself is elsewhere: what the rows pass under is said to them here, so that no clock has a part in it.
    await page.mouse.move(0, 0)
    await settle(page)
    const drawnWhile = (rolling: boolean): Promise<number> =>
      grid.evaluate(async (node, isRolling) => {
        const context = CanvasRenderingContext2D.prototype
        const clear = Reflect.get(context, 'clearRect') as (...box: readonly number[]) => void
        let drawn = 0
        context.clearRect = function (...box) {
          drawn++
          Reflect.apply(clear, this, box)
        }
        if (isRolling) node.dispatchEvent(new WheelEvent('wheel', { deltaY: 1 }))
        for (const cell of node.querySelectorAll(
          '[data-line="1"] [data-column="1"], [data-line="2"] [data-column="1"]',
        ))
          cell.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))
        for (let frame = 0; frame < 3; frame++) await new Promise((painted) => requestAnimationFrame(painted))
        Object.assign(context, { clearRect: clear })
        return drawn
      }, rolling)
    expect(await drawnWhile(true)).toBe(0)
    await eventually(async () => expect(await grid.getAttribute('data-rolling')).toBeNull())
    expect(await drawnWhile(false)).toBeGreaterThan(0)
  })

  it('every verb is in the palette, and every run is found there', async () => {
    await grid.getByText('alone').click()
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Search or run' })
    await palette.getByRole('combobox').fill('>')
    for (const verb of [
      'Rename…',
      'Archive',
      'Move to trash',
      'Set as baseline',
      'Group or ungroup seeds',
      'Launch run…',
    ])
      await palette.getByRole('option', { name: verb }).waitFor()
    await expectAxeClean(page)
    await palette.getByRole('combobox').fill('# lr0.1-seed2')
    await palette.getByRole('option', { name: /lr0\.1-seed2/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'lr0.1-seed2' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await expectAxeClean(page)
  })
})
