import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox'
import { cx } from '../cx.ts'
import { Icon } from '../icons/icon.tsx'
import s from './toggles.module.css'

export interface ToggleProps {
  readonly label: string
  /** The label is heard only, e.g. in a table of checkboxes that has a header. */
  readonly labelHidden?: boolean | undefined
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean | undefined
  readonly className?: string | undefined
}

/** A choice that waits for a button. `mixed` when only some of what it stands for are chosen. */
export function Checkbox(props: ToggleProps & { readonly mixed?: boolean | undefined }) {
  const mixed = props.mixed ?? false
  return (
    <AriaCheckbox
      isSelected={props.checked}
      isIndeterminate={mixed}
      isDisabled={props.disabled ?? false}
      onChange={props.onChange}
      aria-label={props.label}
      className={cx(s.toggle, props.labelHidden === true && s.bare, props.className)}
    >
      <span className={s.box}>
        <Icon name={mixed ? 'difference' : 'check'} size={10} />
      </span>
      {props.labelHidden === true ? null : props.label}
    </AriaCheckbox>
  )
}
