import { Switch as AriaSwitch } from 'react-aria-components/Switch'
import { cx } from '../cx.ts'
import type { ToggleProps } from './checkbox.tsx'
import s from './toggles.module.css'

/** A choice that takes effect at once, e.g. Follow. */
export function Switch(props: ToggleProps) {
  return (
    <AriaSwitch
      isSelected={props.checked}
      isDisabled={props.disabled ?? false}
      onChange={props.onChange}
      aria-label={props.label}
      className={cx(s.toggle, props.labelHidden === true && s.bare, props.className)}
    >
      <span className={s.track} />
      {props.labelHidden === true ? null : props.label}
    </AriaSwitch>
  )
}
