import { expect, it } from 'vitest'
import { widthToAsk } from './metric-chart.tsx'

it('a level for somewhat more than is drawn serves; more detail, or far too much, is asked anew', () => {
  expect([widthToAsk(500, 500), widthToAsk(500, 238), widthToAsk(500, 501), widthToAsk(500, 160)]).toEqual([
    500, 500, 501, 160,
  ])
})
