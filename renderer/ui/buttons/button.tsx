import type { ReactNode, Ref } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { cx } from '../cx.ts'
import { given } from '../given.ts'
import { Icon } from '../icons/icon.tsx'
import type { IconName } from '../icons/icon-paths.ts'
import { ariaKeys, onMac } from '../keys/keys.ts'
import { Tooltip } from '../overlays/tooltip.tsx'
import s from './button.module.css'

/** Primary: one a screen. Ghost: beside others, no border. Danger: says what it destroys. Link: in running text. */
export type ButtonTone = 'default' | 'primary' | 'ghost' | 'danger' | 'link'
/** 24 px in toolbars, 26 by default, 32 in dialogs. */
export type ButtonSize = 'small' | 'medium' | 'large'

export interface ButtonProps {
  readonly children?: ReactNode
  readonly onPress?: (() => void) | undefined
  readonly tone?: ButtonTone | undefined
  readonly size?: ButtonSize | undefined
  readonly icon?: IconName | undefined
  /** A quieter second word, as in "Smooth  EMA 0.6". */
  readonly note?: ReactNode
  readonly disabled?: boolean | undefined
  /** The shortcut of the same verb. It is shown in a tooltip; the keymap is what listens. */
  readonly keys?: string | undefined
  /** Text of the tooltip where it says more than the button. */
  readonly hint?: string | undefined
  /** For a button that stays in: true or false makes it a toggle. */
  readonly pressed?: boolean | undefined
  readonly type?: 'button' | 'submit' | undefined
  readonly autoFocus?: boolean | undefined
  readonly className?: string | undefined
  readonly ref?: Ref<HTMLButtonElement> | undefined
  readonly 'aria-label'?: string | undefined
  readonly 'aria-describedby'?: string | undefined
}

/** A button with a verb on it. Sentence case, `…` when more is asked. */
export function Button(props: ButtonProps) {
  const { children, tone = 'default', size = 'medium', icon, note, keys, hint, pressed, className } = props
  const button = (
    <AriaButton
      {...given({
        ref: props.ref,
        onPress: props.onPress,
        type: props.type,
        autoFocus: props.autoFocus,
        'aria-label': props['aria-label'],
        'aria-describedby': props['aria-describedby'],
        'aria-pressed': pressed,
        'aria-keyshortcuts': keys === undefined ? undefined : ariaKeys(keys, onMac()),
      })}
      isDisabled={props.disabled ?? false}
      className={cx(s.button, s[tone], s[size], className)}
    >
      {icon === undefined ? null : <Icon name={icon} size={size === 'large' ? 14 : 13} />}
      {children}
      {note === undefined ? null : <span className={s.note}>{note}</span>}
    </AriaButton>
  )
  if (keys === undefined && hint === undefined) return button
  return (
    <Tooltip text={hint ?? (typeof children === 'string' ? children : props['aria-label'])} keys={keys}>
      {button}
    </Tooltip>
  )
}
