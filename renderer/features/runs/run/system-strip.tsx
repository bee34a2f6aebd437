import type { SeriesSummary } from '#shared/contract/runs.ts'
import { useRead } from '#renderer/client/index.ts'
import { Sparkline } from '#renderer/ui/marks/sparkline.tsx'
import s from './run.module.css'
import { bySystemOrder, formatSystemValue, systemSeriesLabel } from './system-names.ts'

const SHOWN = 6

/** The machine while it ran: a small curve and the last value of each. */
export function SystemStrip({
  project,
  run,
  series,
}: {
  readonly project: string
  readonly run: string
  readonly series: readonly SeriesSummary[]
}) {
  const shown = series.toSorted(bySystemOrder).slice(0, SHOWN)
  const levels = useRead(
    'metrics.levels',
    { project, series: shown.map(({ key, origin }) => ({ run, key, origin })), axis: 'time', width: 100 },
    { enabled: shown.length > 0, keepPrevious: true },
  )
  // The room is kept from the start: the first sample moves nothing.
  if (shown.length === 0) return <p className={s.awaited}>Processor, memory and disk show here in a few seconds.</p>
  return (
    <dl className={s.strip}>
      {shown.map(({ key, origin, last }) => {
        const level = levels.data?.find((one) => one.key === key)
        return (
          <div key={`${origin}/${key}`}>
            <dt>
              <span className="cut">{systemSeriesLabel(key)}</span>
              <span className="num w5">{last === null ? '–' : formatSystemValue(key, last)}</span>
            </dt>
            <dd>
              {level === undefined ? null : (
                <Sparkline values={level.max} width={150} height={26} colour="var(--text-3)" area />
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
