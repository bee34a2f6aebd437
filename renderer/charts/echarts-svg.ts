import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

/** Draws an option as SVG text. A file of its own, so that this renderer is loaded only for an export. */
export const scatterSvg = (option: Readonly<Record<string, unknown>>, width: number, height: number): string => {
  use([SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ ...option })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}
