import { ScatterChart } from 'echarts/charts'
import { DataZoomInsideComponent, GridComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([ScatterChart, GridComponent, DataZoomInsideComponent, CanvasRenderer])

/** The part of ECharts that scatters need. It is loaded when the first of them is drawn. */
export const createScatter = (element: HTMLElement): EChartsType => init(element, null, { renderer: 'canvas' })

/** The same drawn as SVG text; the renderer for it is loaded only now. */
export const scatterSvg = async (
  option: Readonly<Record<string, unknown>>,
  width: number,
  height: number,
): Promise<string> => {
  const { SVGRenderer } = await import('echarts/renderers')
  use([SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ ...option })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}
