import { canvasPainter } from './canvas-painter.ts'
import type { Painter } from './painter.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** What a chart draws, and where. Each is asked when it is drawn, and then says what holds by then. */
export interface LayerParts {
  /** Size in CSS px, pixels in a CSS px, and how strong the lines are under those of an emphasised run. */
  readonly place: () => {
    readonly canvas: HTMLCanvasElement | null
    readonly size: Size
    readonly ratio: number
    readonly fade: number
  }
  /** Under the lines: axes, grid, names. */
  readonly frame: (painter: Painter) => void
  readonly lines: (painter: Painter) => void
  /** Over both, drawn each time: what follows the pointer. */
  readonly over: (painter: Painter) => void
}

export interface ChartLayers {
  /** Draws from now on; the answer ends it. */
  readonly mount: (parts: LayerParts) => () => void
  /** What is to be drawn anew with the next frame; without a layer, only what lies over them. */
  readonly spoil: (layer?: 'frame' | 'lines') => void
}

/**
 * One canvas on the page, with frame and lines kept as pictures beside it: moving the pointer draws neither anew. Three canvases over each
 * other would do so as well, but each on the page is a layer for which every frame of a scrolling table is put together.
 */
export const createLayers = (): ChartLayers => {
  const spoiled = { frame: true, lines: true }
  let parts: LayerParts | undefined
  let kept: { readonly frame: HTMLCanvasElement; readonly lines: HTMLCanvasElement } | undefined
  let request: number | undefined

  const draw = (): void => {
    request = undefined
    const { canvas, size, ratio, fade } = parts?.place() ?? nowhere
    if (parts === undefined || canvas === null || size.width === 0) return
    kept ??= { frame: document.createElement('canvas'), lines: document.createElement('canvas') }
    for (const layer of ['frame', 'lines'] as const) {
      if (!spoiled[layer]) continue
      paint(kept[layer], size, ratio, parts[layer])
      spoiled[layer] = false
    }
    const { frame, lines } = kept
    const { over } = parts
    paint(canvas, size, ratio, (painter, context) => {
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.globalAlpha = 1
      context.drawImage(frame, 0, 0)
      context.globalAlpha = fade
      context.drawImage(lines, 0, 0)
      context.globalAlpha = 1
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      over(painter)
    })
  }
  return {
    mount: (given) => {
      parts = given
      return () => {
        parts = undefined
        if (request !== undefined) cancelAnimationFrame(request)
        request = undefined
      }
    },
    spoil: (layer) => {
      if (layer !== undefined) spoiled[layer] = true
      request ??= requestAnimationFrame(draw)
    },
  }
}

const nowhere = { canvas: null, size: { width: 0, height: 0 }, ratio: 1, fade: 1 } as const

/** Sizes a canvas for the screen's pixels, clears it and draws in CSS px. */
const paint = (
  canvas: HTMLCanvasElement,
  size: Size,
  ratio: number,
  draw: (painter: Painter, context: CanvasRenderingContext2D) => void,
): void => {
  const [width, height] = [Math.max(1, Math.round(size.width * ratio)), Math.max(1, Math.round(size.height * ratio))]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  const context = canvas.getContext('2d')
  if (context === null) return
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, width, height)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  draw(canvasPainter(context, ratio), context)
}
