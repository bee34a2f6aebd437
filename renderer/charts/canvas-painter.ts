import { areaRuns, type Painter, type Polyline, type TextStyle } from './painter.ts'

const SANS = 'Inter, "Segoe UI", system-ui, sans-serif'
const digits = /\d/

/**
 * Corners in one path of a thick dense line: software strokes of n corners cost more than n times one (measured on 100
 * lines of 2,800: 1,368 ms as one path each, 232 ms in pieces of 16, 39 ms as hairlines).
 */
const PIECE = 16

/**
 * Draws on a canvas whose transform is already one unit a CSS px.
 * @param ratio pixels in a CSS px
 */
export const canvasPainter = (context: CanvasRenderingContext2D, ratio = 1): Painter => {
  const font = (style: TextStyle) => {
    context.font = `${style.weight} ${style.size}px ${SANS}`
  }
  /** Canvas text has no tabular figures: each digit gets the room of a zero. */
  const advances = (text: string): readonly number[] => {
    const zero = context.measureText('0').width
    return Array.from(text, (sign) => (digits.test(sign) ? zero : context.measureText(sign).width))
  }
  const width = (text: string): number =>
    digits.test(text) ? advances(text).reduce((sum, one) => sum + one, 0) : context.measureText(text).width
  const trace = ({ points, count }: Polyline, piece: number) => {
    let pen = false
    for (let at = 0; at < count; at++) {
      const x = points[2 * at] ?? 0
      const y = points[2 * at + 1] ?? 0
      if (y !== y) pen = false
      else if (pen) context.lineTo(x, y)
      else {
        context.moveTo(x, y)
        pen = true
      }
      if (pen && at % piece === piece - 1) {
        context.stroke()
        context.beginPath()
        context.moveTo(x, y)
      }
    }
  }
  const box = (x: number, y: number, w: number, h: number, radius: number) => {
    context.beginPath()
    if (radius > 0) context.roundRect(x, y, w, h, radius)
    else context.rect(x, y, w, h)
  }
  return {
    line: (line, stroke) => {
      context.globalAlpha = stroke.alpha ?? 1
      context.strokeStyle = stroke.colour
      // A stroke in each column of pixels covers its neighbours: a hairline shows the same as a wider one.
      const hairline = stroke.dense === true && stroke.width < 2
      context.lineWidth = hairline ? 1 / ratio : stroke.width
      context.lineJoin = stroke.dense === true ? 'bevel' : 'round'
      context.lineCap = stroke.round === true ? 'round' : 'butt'
      context.setLineDash((stroke.dash ?? []) as number[])
      context.beginPath()
      trace(line, stroke.dense === true && !hairline ? PIECE : Number.POSITIVE_INFINITY)
      context.stroke()
      context.globalAlpha = 1
      if (stroke.dash !== undefined && stroke.dash.length > 0) context.setLineDash([])
    },
    area: (upper, lower, colour, alpha) => {
      context.globalAlpha = alpha
      context.fillStyle = colour
      context.beginPath()
      for (const [from, to] of areaRuns(upper, lower)) {
        context.moveTo(upper.points[2 * from] ?? 0, upper.points[2 * from + 1] ?? 0)
        for (let at = from + 1; at < to; at++) context.lineTo(upper.points[2 * at] ?? 0, upper.points[2 * at + 1] ?? 0)
        for (let at = to - 1; at >= from; at--) context.lineTo(lower.points[2 * at] ?? 0, lower.points[2 * at + 1] ?? 0)
        context.closePath()
      }
      context.fill()
      context.globalAlpha = 1
    },
    rect: (x, y, w, h, colour, radius = 0) => {
      context.fillStyle = colour
      box(x, y, w, h, radius)
      context.fill()
    },
    circle: (x, y, radius, colour, alpha = 1, edge) => {
      context.beginPath()
      context.arc(x, y, radius, 0, 2 * Math.PI)
      context.globalAlpha = alpha
      context.fillStyle = colour
      context.fill()
      context.globalAlpha = 1
      if (edge === undefined) return
      context.strokeStyle = edge
      context.lineWidth = 1.5
      context.stroke()
    },
    diamond: (x, y, radius, colour, edge) => {
      context.beginPath()
      context.moveTo(x, y - radius)
      context.lineTo(x + radius * 0.9, y)
      context.lineTo(x, y + radius)
      context.lineTo(x - radius * 0.9, y)
      context.closePath()
      context.fillStyle = colour
      context.fill()
      context.strokeStyle = edge
      context.lineWidth = 1.2
      context.stroke()
    },
    text: (x, y, text, style) => {
      font(style)
      context.fillStyle = style.colour
      context.textAlign = 'left'
      context.textBaseline = 'alphabetic'
      const shift = style.anchor === 'start' ? 0 : width(text) * (style.anchor === 'middle' ? 0.5 : 1)
      if (style.halo !== undefined) {
        context.fillStyle = style.halo
        context.globalAlpha = 0.85
        box(x - shift - 2, y - style.size, width(text) + 4, style.size + 3, 3)
        context.fill()
        context.globalAlpha = 1
        context.fillStyle = style.colour
      }
      if (!digits.test(text)) return context.fillText(text, x - shift, y)
      let left = x - shift
      const zero = context.measureText('0').width
      for (const sign of text) {
        const own = context.measureText(sign).width
        const room = digits.test(sign) ? zero : own
        context.fillText(sign, left + (room - own) / 2, y)
        left += room
      }
    },
    clip: (x, y, w, h, inside) => {
      context.save()
      context.beginPath()
      context.rect(x, y, w, h)
      context.clip()
      inside()
      context.restore()
    },
    measure: (text, style) => {
      font(style)
      return width(text)
    },
  }
}
