import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast, parseOklch, toHex, type Oklch } from './contrast.ts'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const pairs = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((oklch\([^)]*\)),\s*(oklch\([^)]*\))\)/g)].map((match) => [
    match[1]!,
    { light: parseOklch(match[2]!)!, dark: parseOklch(match[3]!)! },
  ]),
)
const themes = ['light', 'dark'] as const
type Theme = (typeof themes)[number]
const token = (name: string, theme: Theme): Oklch => {
  const pair = pairs.get(name)
  if (pair === undefined) throw new Error(`No token --${name}`)
  return pair[theme]
}
const lowest = (names: readonly string[], grounds: readonly string[], theme: Theme) =>
  Math.min(...names.flatMap((name) => grounds.map((ground) => contrast(token(name, theme), token(ground, theme)))))

const surfaces = ['chrome', 'canvas', 'sunken', 'raised', 'hover', 'pressed', 'selected']
const runs = Array.from({ length: 10 }, (_, at) => `run-${at + 1}`)
const heat = [0, 1, 2, 3, 4].map((at) => `heat-${at}`)

it('reads every token pair of the file', () => {
  expect(pairs.size).toBe(css.match(/:\s*light-dark\(/g)?.length)
  expect([...pairs.values()].every((pair) => pair.light !== undefined && pair.dark !== undefined)).toBe(true)
})

it('agrees with colours and contrasts from elsewhere', () => {
  // The hex of run 1 and its contrast on canvas as the look's table has them; black on white is 21 by definition.
  expect(toHex(token('run-1', 'light'))).toBe('#3669d9')
  expect(toHex(token('run-10', 'dark'))).toBe('#7ee7f7')
  expect(contrast(token('run-1', 'light'), token('canvas', 'light'))).toBeCloseTo(5.0, 1)
  expect(contrast({ l: 0, c: 0, h: 0, alpha: 1 }, { l: 1, c: 0, h: 0, alpha: 1 })).toBeCloseTo(21, 5)
})

describe.each(themes)('%s', (theme) => {
  it.each(['text-1', 'text-2', 'text-3', 'accent-text', 'ok', 'warn', 'bad', 'live'])(
    '--%s is readable on every surface',
    (name) => {
      expect(lowest([name], surfaces, theme)).toBeGreaterThanOrEqual(4.5)
    },
  )
  it.each(['ok', 'warn', 'bad', 'live'])('--%s is readable on its own tint', (name) => {
    expect(lowest([name, 'text-1', 'text-2'], [`${name}-tint`], theme)).toBeGreaterThanOrEqual(4.5)
  })
  it('keeps white readable on the accent', () => {
    expect(lowest(['on-accent'], ['accent'], theme)).toBeGreaterThanOrEqual(4.5)
  })
  it('keeps cell text readable on all heat', () => {
    expect(lowest(['text-1', 'text-2'], heat, theme)).toBeGreaterThanOrEqual(4.5)
  })
  it('keeps code readable', () => {
    expect(
      lowest(
        ['syn-key', 'syn-str', 'syn-num', 'syn-com', 'text-1'],
        ['sunken', 'canvas', 'add-tint', 'del-tint'],
        theme,
      ),
    ).toBeGreaterThanOrEqual(4.5)
    expect(lowest(['text-1'], ['add-mark', 'del-mark'], theme)).toBeGreaterThanOrEqual(4.5)
  })
  it.each([
    'focus',
    'line-3',
    'bar',
    'ref',
    'cur',
    'ok-mark',
    'warn-mark',
    'bad-mark',
    'live-mark',
    'div-neg',
    'div-pos',
  ])('--%s is seen as a graphic on canvas', (name) => {
    expect(lowest([name], ['canvas'], theme)).toBeGreaterThanOrEqual(3)
  })
  it('keeps the focus ring visible on every surface', () => {
    expect(lowest(['focus'], surfaces, theme)).toBeGreaterThanOrEqual(3)
  })
  it.each(runs)('--%s is seen on canvas and on the surface beside it', (name) => {
    expect(lowest([name], ['canvas', theme === 'light' ? 'chrome' : 'raised'], theme)).toBeGreaterThanOrEqual(3)
  })
  it('orders the ramps by lightness, so that they survive grey', () => {
    const lightness = (names: readonly string[]) => names.map((name) => token(name, theme).l)
    const ember = [0, 1, 2, 3, 4, 5].map((at) => `ember-${at}`)
    for (const ramp of [lightness(heat), lightness(ember)]) {
      const sorted = ramp.toSorted((a, b) => (theme === 'light' ? b - a : a - b))
      expect(ramp).toEqual(sorted)
    }
  })
})
