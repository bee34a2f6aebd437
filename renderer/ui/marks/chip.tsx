import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { cx } from '../cx.ts'
import { Icon } from '../icons/icon.tsx'
import type { IconName } from '../icons/icon-paths.ts'
import { MiddleCut } from './middle-cut.tsx'
import { RunKey } from './run-key.tsx'
import s from './marks.module.css'

function Remove({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <AriaButton className={s.remove ?? ''} aria-label={label} onPress={onPress}>
      <Icon name="close" size={10} />
    </AriaButton>
  )
}

export interface ChipProps {
  readonly icon?: IconName | undefined
  readonly name: string
  readonly value?: ReactNode
  /** Removes the choice. Without it the chip is only read. */
  readonly onRemove?: (() => void) | undefined
}

/** A choice that can be removed: "Group  everything except seed  ×". */
export function Chip({ icon, name, value, onRemove }: ChipProps) {
  return (
    <span className={cx(s.chip, onRemove !== undefined && s.removable)}>
      {icon === undefined ? null : <Icon name={icon} size={12} />}
      {name}
      {value === undefined ? null : <b>{value}</b>}
      {onRemove === undefined ? null : <Remove label={`Remove ${name}`} onPress={onRemove} />}
    </span>
  )
}

/** What waits to be shown, so that nothing moves under the pointer: "3 new runs". */
export function NewsChip({ children, onPress }: { children: ReactNode; onPress: () => void }) {
  return (
    <AriaButton className={cx(s.chip, s.news)} onPress={onPress} style={{ height: 24 }}>
      {children}
    </AriaButton>
  )
}

export interface RunChipProps {
  readonly number: number
  readonly name: string
  /** Seed or tag, quieter. */
  readonly note?: string | undefined
  readonly onRemove?: (() => void) | undefined
}

/** A run wherever it is named: key, name, seed or tag, close. Always in this order. */
export function RunChip({ number, name, note, onRemove }: RunChipProps) {
  return (
    <span className={cx(s.runChip, onRemove !== undefined && s.removable)}>
      <RunKey number={number} />
      <span className={s.runName}>
        <MiddleCut text={name} />
      </span>
      {note === undefined ? null : <span className={s.note}>{note}</span>}
      {onRemove === undefined ? null : <Remove label={`Remove ${name}`} onPress={onRemove} />}
    </span>
  )
}
