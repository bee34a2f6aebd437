import { ScatterChart } from 'echarts/charts'
import { DataZoomInsideComponent, GridComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([ScatterChart, GridComponent, DataZoomInsideComponent, CanvasRenderer])

/** The part of ECharts that scatters need. It is loaded when the first of them is drawn. */
export const createScatter = (element: HTMLElement): EChartsType => init(element, null, { renderer: 'canvas' })
