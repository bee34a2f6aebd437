import { useMemo } from 'react'
import { ScatterChart } from '#renderer/charts/scatter-chart.tsx'
import type { ScatterModel } from '#renderer/charts/scatter-model.ts'
import { sampleRuns } from './sample-runs.ts'

/** Runs over two of their columns. */
export function ScatterPage() {
  const model = useMemo(
    (): ScatterModel => ({
      runs: sampleRuns.map((run) => run.name),
      names: sampleRuns.map((run) => run.name),
      numbers: sampleRuns.map((run) => run.number),
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
      <ScatterChart title="val_auc over num_leaves" model={model} />
    </main>
  )
}
