import { useMemo } from 'react'
import { ScatterChart } from '#renderer/charts/scatter-chart.tsx'
import type { NameRuns, ScatterModel } from '#renderer/charts/scatter-model.ts'
import { sampleRuns } from './sample-runs.ts'

/** Runs over two of their columns. */
export function ScatterPage() {
  const model = useMemo(
    (): ScatterModel => ({
      numbers: Float64Array.from(sampleRuns, (run) => run.number),
      x: Float64Array.from(sampleRuns, (run) => run.leaves ?? Number.NaN),
      y: Float64Array.from(sampleRuns, (run) => run.auc),
      xName: 'num_leaves',
      yName: 'val_auc, best',
      xLog: true,
    }),
    [],
  )
  return (
    <main style={{ height: '100%', display: 'flex', padding: 10, background: 'var(--chrome)' }}>
      <h1 className="only-heard">Scatter</h1>
      <h2 className="only-heard">Runs</h2>
      <ScatterChart title="val_auc over num_leaves" model={model} named={named} />
    </main>
  )
}

const named: NameRuns = (numbers) => {
  const names = Array.from(numbers, (number) => sampleRuns.find((run) => run.number === number)?.name ?? '')
  return Promise.resolve({ ids: names, names })
}
