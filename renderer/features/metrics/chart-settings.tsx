import type { Axis } from '#shared/contract/metrics.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Menu } from '#renderer/ui/overlays/menu.tsx'
import type { ChartSettings } from './metric-chart.tsx'

const AXES: readonly (readonly [Axis, string])[] = [
  ['step', 'step'],
  ['relative', 'time since start'],
  ['time', 'clock time'],
]
/** Weights of the past that the menu offers. */
const WEIGHTS = [0, 0.6, 0.9, 0.99] as const

export type ChartSettingsBarProps = {
  readonly settings: ChartSettings
  readonly onChange: (change: Partial<ChartSettings>) => void
}

/** How all panels beside each other draw: smoothing, the x axis, the y axis; each says what it is set to. */
export function ChartSettingsBar({ settings, onChange }: ChartSettingsBarProps) {
  const weight = settings.smoothing === 0 ? 'none' : `EMA ${settings.smoothing}`
  return (
    <>
      <Menu
        label="Smoothing"
        placement="bottom end"
        entries={WEIGHTS.map((one) => ({
          kind: 'action',
          id: String(one),
          label: one === 0 ? 'None' : `EMA ${one}`,
          note: one === 0 ? undefined : 'over the raw line',
          checked: one === settings.smoothing,
          onSelect: () => onChange({ smoothing: one }),
        }))}
      >
        <Button note={weight}>Smooth</Button>
      </Menu>
      <Menu
        label="X axis"
        placement="bottom end"
        entries={AXES.map(([id, label]) => ({
          kind: 'action',
          id,
          label: label.charAt(0).toUpperCase() + label.slice(1),
          checked: id === settings.axis,
          onSelect: () => onChange({ axis: id }),
        }))}
      >
        <Button note={settings.axis === 'relative' ? 'elapsed' : settings.axis === 'time' ? 'clock' : 'step'}>x</Button>
      </Menu>
      <Menu
        label="Y axis"
        placement="bottom end"
        entries={[false, true].map((logY) => ({
          kind: 'action',
          id: String(logY),
          label: logY ? 'Logarithmic' : 'Linear',
          checked: logY === settings.logY,
          onSelect: () => onChange({ logY }),
        }))}
      >
        <Button note={settings.logY ? 'log' : 'linear'}>y</Button>
      </Menu>
    </>
  )
}
