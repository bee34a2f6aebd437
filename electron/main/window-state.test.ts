import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { placeFor, readWindowState, type WindowState, withPlace, writeWindowState } from './window-state.ts'

const SCREEN = { x: 0, y: 25, width: 1920, height: 1055 }
const LEFT = { x: -1280, y: 0, width: 1280, height: 1024 }
const EMPTY: WindowState = { places: [], open: [] }
const at = (x: number, y: number, width = 1200, height = 800) => ({ x, y, width, height, maximized: false })

test('the first window is in the middle of the first display', () => {
  expect(placeFor(EMPTY, 'churn', [SCREEN, LEFT])).toEqual(at(240, 103, 1440, 900))
})

test('a project’s window comes back where it was, on the display where it was', () => {
  const state = withPlace(withPlace(EMPTY, 'churn', { ...at(-1200, 40), maximized: true }), 'digits', at(30, 60))
  expect(placeFor(state, 'churn', [SCREEN, LEFT])).toEqual({ ...at(-1200, 40), maximized: true })
  expect(placeFor(state, 'digits', [SCREEN, LEFT])).toEqual(at(30, 60))
})

test('another project’s window comes a little beside the newest one, not maximised', () => {
  const state = withPlace(EMPTY, 'churn', { ...at(100, 100), maximized: true })
  expect(placeFor(state, 'digits', [SCREEN])).toEqual(at(124, 124))
})

test('where a display is gone, the window moves and shrinks to one that is there', () => {
  const state = withPlace(EMPTY, 'churn', at(-1200, -300, 3000, 2000))
  expect(placeFor(state, 'churn', [SCREEN])).toEqual(at(0, 25, 1920, 1055))
  expect(placeFor(state, 'churn', [])).toEqual(at(-1200, -300, 3000, 2000))
})

const whole = fc.integer({ min: -20_000, max: 20_000 })
const side = fc.integer({ min: 1, max: 10_000 })
const rectangle = fc.record({ x: whole, y: whole, width: side, height: side })

test('whatever was kept, a window lies inside one of the displays', () => {
  fc.assert(
    fc.property(rectangle, fc.array(rectangle, { minLength: 1, maxLength: 4 }), fc.boolean(), (kept, areas, own) => {
      const state = withPlace(EMPTY, own ? 'churn' : 'digits', { ...kept, maximized: false })
      const place = placeFor(state, 'churn', areas)
      expect(
        areas.some(
          (area) =>
            place.x >= area.x &&
            place.y >= area.y &&
            place.x + place.width <= area.x + area.width &&
            place.y + place.height <= area.y + area.height,
        ),
      ).toBe(true)
    }),
  )
})

test('the newest hundred places are kept, each project once', () => {
  let state = EMPTY
  for (let index = 0; index < 120; index++) state = withPlace(state, `p${index % 110}`, at(index, index))
  expect([state.places.length, state.places[0]?.[0], state.places.at(-1)]).toEqual([100, 'p20', ['p9', at(119, 119)]])
})

test('what is written is read; a damaged file and an unwritable folder cost nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-windows-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const state: WindowState = { places: [['churn', at(1, 2)]], open: ['churn'] }
  writeWindowState(folder, state)
  expect(readWindowState(folder)).toEqual(state)
  for (const text of ['{"places":[["churn",{"x":1}]],"open":[]}', '{"pla', '']) {
    writeFileSync(join(folder, 'windows.json'), text)
    expect(readWindowState(folder)).toEqual(EMPTY)
  }
  writeWindowState(join(folder, 'windows.json', 'below'), state)
})
