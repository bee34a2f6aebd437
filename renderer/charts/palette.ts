import { runStyle } from '#renderer/ui/marks/run-colour.ts'
import { parseOklch, toHex } from '#renderer/ui/contrast.ts'
import type { LineSeries } from './model.ts'

/** The tokens that charts draw with, as colours that a canvas takes. */
export interface ChartColours {
  readonly text1: string
  readonly text2: string
  readonly text3: string
  readonly line1: string
  readonly line2: string
  readonly line3: string
  readonly canvas: string
  readonly sunken: string
  readonly focus: string
  readonly runs: readonly string[]
}

const names = ['text-1', 'text-2', 'text-3', 'line-1', 'line-2', 'line-3', 'canvas', 'sunken', 'focus'] as const

/**
 * Reads the tokens in the theme that `element` is drawn in. A custom property keeps its `light-dark()`: only a real
 * colour property is resolved, so a probe element asks for each.
 */
export const readColours = (element: HTMLElement): ChartColours => {
  const probe = document.createElement('i')
  element.append(probe)
  const read = (token: string): string => {
    probe.style.color = `var(--${token})`
    return getComputedStyle(probe).color
  }
  const [text1, text2, text3, line1, line2, line3, canvas, sunken, focus] = names.map(read)
  const runs = Array.from({ length: 10 }, (_, at) => read(`run-${at + 1}`))
  probe.remove()
  return {
    text1: text1 ?? '',
    text2: text2 ?? '',
    text3: text3 ?? '',
    line1: line1 ?? '',
    line2: line2 ?? '',
    line3: line3 ?? '',
    canvas: canvas ?? '',
    sunken: sunken ?? '',
    focus: focus ?? '',
    runs,
  }
}

/** The same as hex, for files that other programs open. */
export const toFileColours = (colours: ChartColours): ChartColours => {
  const hex = (colour: string): string => {
    const parsed = parseOklch(colour)
    return parsed === undefined ? colour : toHex(parsed)
  }
  return {
    text1: hex(colours.text1),
    text2: hex(colours.text2),
    text3: hex(colours.text3),
    line1: hex(colours.line1),
    line2: hex(colours.line2),
    line3: hex(colours.line3),
    canvas: hex(colours.canvas),
    sunken: hex(colours.sunken),
    focus: hex(colours.focus),
    runs: colours.runs.map(hex),
  }
}

export interface SeriesLook {
  readonly colour: string
  readonly dash: readonly number[]
}

/** Colour and dash of a series: its run's, or dashed grey for the baseline. */
export const seriesLook = (series: LineSeries, colours: ChartColours): SeriesLook => {
  if (series.baseline === true) return { colour: colours.text3, dash: series.dash ?? [3, 3] }
  const style = runStyle(series.number)
  return { colour: colours.runs[style.hue - 1] ?? colours.text2, dash: series.dash ?? style.dash }
}
