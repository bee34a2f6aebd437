import { useMemo, useState } from 'react'
import { ChartGroupProvider, createChartGroup } from '#renderer/charts/chart-group.tsx'
import { ChartPanel } from '#renderer/charts/chart-panel.tsx'
import { columnsOfPoints, type Band, type LineChartModel, type LineSeries } from '#renderer/charts/model.ts'
import { curve, noise } from './sample-runs.ts'
import s from './charts-page.module.css'

const shapes = [
  ['lgbm-l15-te', 1, 11, 0.8497, 62, 300, 0.0006, 392, 0.0007],
  ['lgbm-l7-te', 2, 12, 0.8492, 74, 420, 0.0003, 447, 0.0005],
  ['lgbm-l15', 5, 13, 0.848, 58, 250, 0.0009, 348, 0.0008],
  ['lgbm-l31', 20, 14, 0.8461, 40, 205, 0.002, 274, 0.001],
  ['lgbm-l127', 13, 15, 0.8376, 26, 118, 0.006, 181, 0.0021],
] as const

const banded = (map: (value: number, step: number) => number, wide: number): readonly LineSeries[] =>
  shapes.map(([name, number, seed, peak, rise, turn, fall, steps, sd]) => {
    const points = curve(seed, peak, rise, turn, fall, steps)
    const x = points.map(([step]) => step)
    const y = points.map(([step, value]) => map(value, step))
    const spread = x.map((step) => 1.3 * wide * sd * (0.75 + 0.8 * Math.exp(-step / 40) + (0.3 * step) / steps))
    const band: Band = {
      x: Float64Array.from(x),
      low: Float64Array.from(y, (value, at) => value - (spread[at] ?? 0)),
      high: Float64Array.from(y, (value, at) => value + (spread[at] ?? 0)),
    }
    return { id: name, name, run: name, number, columns: columnsOfPoints(x, y), band }
  })

/** The panels of the runs workspace: one large, then two columns. */
export function ChartsGrid() {
  const x = { kind: 'number', label: 'iteration', domain: [0, 450] } as const
  const models = useMemo((): readonly [string, LineChartModel, string?][] => {
    const base = { x, smoothing: 0 }
    return [
      [
        'val/auc',
        {
          ...base,
          series: banded((v) => v, 1),
          y: { low: 0.8245, high: 0.8515 },
          reference: { y: 0.8432, label: 'logreg-onehot' },
        },
        'mean of 5 seeds',
      ],
      [
        'val/logloss',
        {
          ...base,
          series: banded((v, t) => 0.412 + 0.155 * Math.exp(-t / 38) + (0.8497 - v) * 2, 1.6),
          y: { high: 0.455, low: 0.405 },
        },
      ],
      ['train/auc', { ...base, series: banded((v, t) => 0.99 - (0.99 - v) * Math.exp(-t / 300), 1), y: {} }],
      ['val/avg_precision', { ...base, series: banded((v) => v - 0.1826, 2.2), y: {} }],
      ['val/brier', { ...base, series: banded((v) => 1 - v, 1), y: { log: true } }],
    ]
  }, [])
  return (
    <div className={s.grid}>
      <h2 className="only-heard">Metrics</h2>
      {models.map(([title, model, note]) => (
        <ChartPanel key={title} title={title} model={model} note={note} />
      ))}
    </div>
  )
}

/** The same on a page of its own. */
export function ChartsPage() {
  const [group] = useState(createChartGroup)
  return (
    <ChartGroupProvider value={group}>
      <main style={{ height: '100%' }}>
        <h1 className="only-heard">Charts</h1>
        <ChartsGrid />
      </main>
    </ChartGroupProvider>
  )
}

/** A run that trains: smoothing over raw, live tips, what is not yet trained, overflow crosses, a gap. */
export function LivePage() {
  const [group] = useState(createChartGroup)
  const models = useMemo((): readonly [string, LineChartModel, boolean][] => {
    const normal = noise(5)
    const now = 34.4
    const x = { kind: 'number', label: 'epoch', domain: [0, 60], until: now } as const
    const over = (count: number, f: (epoch: number, at: number) => number) => {
      const xs = Array.from({ length: count }, (_, at) => (at / count) * now)
      return columnsOfPoints(xs, xs.map(f))
    }
    const each = (count: number, f: (epoch: number) => number) => {
      const xs = Array.from({ length: count }, (_, at) => at)
      return columnsOfPoints(xs, xs.map(f))
    }
    const run = { run: 'cnn-w64-cutmix', number: 1, live: true } as const
    const before = { run: 'cnn-w64', number: 2, baseline: true } as const
    const norm = over(300, (e, at) =>
      at === 61
        ? Number.NaN
        : at === 190
          ? Number.POSITIVE_INFINITY
          : 0.9 + 2.6 * Math.exp(-e / 3) + Math.abs(normal()) * 0.35,
    )
    return [
      [
        'loss',
        {
          x,
          y: { log: true },
          smoothing: 0.9,
          series: [
            {
              ...run,
              id: 'train',
              name: 'train',
              columns: over(
                420,
                (e) => 0.905 + 1.22 * Math.exp(-e / 4.2) + 0.16 * Math.exp(-e / 22) + normal() * 0.085,
              ),
            },
            {
              ...run,
              id: 'val',
              name: 'val',
              dash: [5, 3],
              columns: each(35, (e) => 0.366 + 0.98 * Math.exp(-e / 4.8) + 0.13 * Math.exp(-e / 18) + normal() * 0.016),
            },
            {
              ...before,
              id: 'prev',
              name: 'val, cnn-w64',
              columns: each(
                41,
                (e) => 0.4 + 0.92 * Math.exp(-e / 3.4) + 0.0012 * Math.max(0, e - 8) + normal() * 0.012,
              ),
            },
          ],
        },
        true,
      ],
      [
        'val/acc',
        {
          x,
          y: { low: 0.6 },
          smoothing: 0,
          series: [
            {
              ...before,
              id: 'prev',
              name: 'cnn-w64',
              columns: each(41, (e) => 0.871 - 0.4 * Math.exp(-e / 3.6) - 0.03 * Math.exp(-e / 14) + normal() * 0.0045),
            },
            {
              ...run,
              id: 'acc',
              name: 'this run',
              best: { x: 31, y: 0.8827 },
              columns: each(
                35,
                (e) => 0.8825 - 0.42 * Math.exp(-e / 4.9) - 0.03 * Math.exp(-e / 16) + normal() * 0.0045,
              ),
            },
          ],
        },
        true,
      ],
      [
        'lr',
        {
          x,
          y: { low: 0 },
          smoothing: 0,
          series: [
            {
              ...run,
              id: 'lr',
              name: 'lr',
              columns: over(120, (e) =>
                e < 3 ? 0.1 * (0.1 + (0.9 * e) / 3) : 0.05 * (1 + Math.cos((Math.PI * (e - 3)) / 57)),
              ),
            },
          ],
        },
        false,
      ],
      [
        'grad_norm',
        { x, y: { low: 0 }, smoothing: 0.8, series: [{ ...run, id: 'norm', name: 'grad_norm', columns: norm }] },
        false,
      ],
      [
        'epoch_seconds',
        {
          x,
          y: {},
          smoothing: 0,
          series: [
            {
              ...run,
              id: 'sec',
              name: 'epoch_seconds',
              gapAfter: 2,
              columns: columnsOfPoints(
                [1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14],
                [20.9, 21, 20.8, 21.3, 20.7, 21, 24.4, 21.2, 20.9, 21, 21.1],
              ),
            },
          ],
        },
        false,
      ],
    ]
  }, [])
  return (
    <ChartGroupProvider value={group}>
      <main className={s.live}>
        <h1 className="only-heard">Live</h1>
        <h2 className="only-heard">Metrics</h2>
        {models.map(([title, model, legend], at) => (
          <ChartPanel key={title} title={title} model={model} legend={legend} className={at < 2 ? s.half : s.third} />
        ))}
      </main>
    </ChartGroupProvider>
  )
}

/** 100 runs of 10,000 points: what a chart must bear. */
export function HeavyPage() {
  const model = useMemo((): LineChartModel => {
    const series = Array.from({ length: 100 }, (_, run): LineSeries => {
      const normal = noise(run + 1)
      const x = Float64Array.from({ length: 10_000 }, (__, at) => at)
      return {
        id: `r${run}`,
        name: `run-${run}`,
        run: `r${run}`,
        number: run + 1,
        columns: columnsOfPoints(
          x,
          x.map((at) => 0.3 + run / 200 + Math.exp(-at / (800 + run * 20)) + normal() * 0.01),
        ),
      }
    })
    return { series, x: { kind: 'number', label: 'step' }, y: {}, smoothing: 0 }
  }, [])
  return (
    <main className={s.heavy}>
      <h1 className="only-heard">Heavy</h1>
      <h2 className="only-heard">Metrics</h2>
      <ChartPanel title="val/loss" model={model} />
    </main>
  )
}
