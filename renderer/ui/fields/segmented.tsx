import { ToggleButton, ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import { cx } from '../cx.ts'
import { Icon } from '../icons/icon.tsx'
import type { IconName } from '../icons/icon-paths.ts'
import s from './toggles.module.css'

export interface Segment<Id extends string> {
  readonly id: Id
  readonly label: string
  readonly icon?: IconName | undefined
  readonly disabled?: boolean | undefined
}

export interface SegmentedProps<Id extends string> {
  /** What is chosen between; heard only. */
  readonly label: string
  readonly segments: readonly Segment<Id>[]
  readonly value: Id
  readonly onChange: (id: Id) => void
  readonly size?: 'small' | 'medium' | undefined
  readonly className?: string | undefined
}

/** An exclusive view: two to four words that are all seen. One stop for Tab, arrows move within. */
export function Segmented<Id extends string>({
  label,
  segments,
  value,
  onChange,
  size,
  className,
}: SegmentedProps<Id>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = segments.find((segment) => keys.has(segment.id))
        if (chosen !== undefined) onChange(chosen.id)
      }}
      className={cx(s.segments, size === 'small' && s.small, className)}
    >
      {segments.map((segment) => (
        <ToggleButton
          key={segment.id}
          id={segment.id}
          className={s.segment ?? ''}
          isDisabled={segment.disabled ?? false}
        >
          {segment.icon === undefined ? null : <Icon name={segment.icon} size={13} />}
          {segment.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
