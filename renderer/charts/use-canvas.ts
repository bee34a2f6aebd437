import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useThemeName } from '#renderer/ui/use-theme.ts'
import { canvasPainter } from './canvas-painter.ts'
import type { Painter } from './painter.ts'
import { readColours, type ChartColours } from './palette.ts'

const subscribeRatio = (changed: () => void): (() => void) => {
  // The query names one ratio: it tells of leaving it, and the next render asks for the new one.
  const media = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

/** Columns of pixels in a CSS px: it changes with the screen and with the page's zoom. */
export const usePixelRatio = (): number => useSyncExternalStore(subscribeRatio, () => devicePixelRatio)

/**
 * The tokens' colours in the theme of now. They are read in an effect: while rendering, reading the page counts as pure
 * and is done once, and a chart would keep the first other theme's colours.
 */
export function useChartColours(): ChartColours {
  const theme = useThemeName()
  const [colours, setColours] = useState(() => readColours(document.body))
  const read = useRef(theme)
  useLayoutEffect(() => {
    if (read.current === theme) return
    read.current = theme
    setColours(readColours(document.body))
  }, [theme])
  return colours
}

/** A measure of text in the fonts of the charts. It is another function once the fonts have come. */
export function useMeasure(): Painter['measure'] {
  const make = (): Painter['measure'] => {
    const context = document.createElement('canvas').getContext('2d')
    return context === null ? (text) => text.length * 6 : canvasPainter(context).measure
  }
  const [measure, setMeasure] = useState<Painter['measure']>(make)
  useEffect(() => {
    let gone = false
    // A canvas does not ask for a font that is not here yet: the page must.
    void Promise.all(['400 11px Inter', '600 11px Inter'].map((font) => document.fonts.load(font))).then((loaded) => {
      if (!gone && loaded.some((faces) => faces.length > 0)) setMeasure(make)
    })
    return () => {
      gone = true
    }
  }, [])
  return measure
}
