import { areaRuns, type Painter, type Polyline, type TextStyle } from './painter.ts'

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign)
const round = (value: number): number => Math.round(value * 100) / 100

const path = ({ points, count }: Polyline): string => {
  let out = ''
  let pen = false
  for (let at = 0; at < count; at++) {
    const y = points[2 * at + 1] ?? Number.NaN
    if (Number.isNaN(y)) {
      pen = false
      continue
    }
    out += `${pen ? 'L' : 'M'}${round(points[2 * at] ?? 0)} ${round(y)}`
    pen = true
  }
  return out
}

/** Writes SVG. `measure` comes from a canvas, for text has no width without a font. */
export const svgPainter = (measure: Painter['measure']): Painter & { readonly content: () => string } => {
  const parts: string[] = []
  let clips = 0
  const add = (part: string) => void parts.push(part)
  return {
    measure,
    content: () => parts.join('\n'),
    line: (line, stroke) => {
      const d = path(line)
      if (d === '') return
      const dash =
        stroke.dash !== undefined && stroke.dash.length > 0 ? ` stroke-dasharray="${stroke.dash.join(' ')}"` : ''
      const alpha = stroke.alpha === undefined || stroke.alpha === 1 ? '' : ` stroke-opacity="${round(stroke.alpha)}"`
      const cap = stroke.round === true ? ' stroke-linecap="round"' : ''
      add(
        `<path d="${d}" fill="none" stroke="${stroke.colour}" stroke-width="${stroke.width}" stroke-linejoin="round"${dash}${alpha}${cap}/>`,
      )
    },
    area: (upper, lower, colour, alpha) => {
      const d = areaRuns(upper, lower)
        .map(([from, to]) => {
          const there = path({ points: upper.points.subarray(2 * from, 2 * to), count: to - from })
          const back = Array.from({ length: to - from }, (_, at) => {
            const index = to - 1 - at
            return `L${round(lower.points[2 * index] ?? 0)} ${round(lower.points[2 * index + 1] ?? 0)}`
          }).join('')
          return `${there}${back}Z`
        })
        .join('')
      if (d !== '') add(`<path d="${d}" fill="${colour}" fill-opacity="${round(alpha)}"/>`)
    },
    rect: (x, y, width, height, colour, radius = 0) =>
      add(
        `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${colour}"${radius > 0 ? ` rx="${radius}"` : ''}/>`,
      ),
    circle: (x, y, radius, colour, alpha = 1, edge) =>
      add(
        `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${colour}" fill-opacity="${alpha}"${edge === undefined ? '' : ` stroke="${edge}" stroke-width="1.5"`}/>`,
      ),
    diamond: (x, y, radius, colour, edge) =>
      add(
        `<path d="M${round(x)} ${round(y - radius)}l${round(radius * 0.9)} ${radius}l${round(-radius * 0.9)} ${radius}l${round(-radius * 0.9)} ${-radius}Z" fill="${colour}" stroke="${edge}" stroke-width="1.2"/>`,
      ),
    text: (x, y, text, style: TextStyle) =>
      add(
        `<text x="${round(x)}" y="${round(y)}" font-size="${style.size}" font-weight="${style.weight}" fill="${style.colour}" text-anchor="${style.anchor}"${style.halo === undefined ? '' : ` stroke="${style.halo}" stroke-width="3" paint-order="stroke"`}>${escape(text)}</text>`,
      ),
    clip: (x, y, width, height, inside) => {
      const id = `clip-${clips++}`
      add(
        `<clipPath id="${id}"><rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"/></clipPath>`,
      )
      add(`<g clip-path="url(#${id})">`)
      inside()
      add('</g>')
    },
  }
}

/** The whole file around what was drawn. */
export const svgFile = (width: number, height: number, title: string, background: string, content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, 'Segoe UI', system-ui, sans-serif" style="font-variant-numeric: tabular-nums">
<title>${escape(title)}</title>
<rect width="${width}" height="${height}" fill="${background}"/>
${content}
</svg>
`
