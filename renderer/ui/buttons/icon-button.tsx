import type { Ref } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { cx } from '../cx.ts'
import { given } from '../given.ts'
import { Icon } from '../icons/icon.tsx'
import type { IconName } from '../icons/icon-paths.ts'
import { ariaKeys, onMac } from '../keys/keys.ts'
import { Tooltip } from '../overlays/tooltip.tsx'
import type { ButtonSize, ButtonTone } from './button.tsx'
import s from './button.module.css'

export interface IconButtonProps {
  readonly icon: IconName
  /** The verb: what a screen reader says and what the tooltip shows. */
  readonly label: string
  readonly onPress?: (() => void) | undefined
  readonly keys?: string | undefined
  readonly tone?: ButtonTone | undefined
  readonly size?: ButtonSize | undefined
  readonly iconSize?: number | undefined
  readonly disabled?: boolean | undefined
  readonly pressed?: boolean | undefined
  readonly className?: string | undefined
  readonly ref?: Ref<HTMLButtonElement> | undefined
}

/** A button that is only an icon. Its name is shown, with the shortcut, on hover and on focus. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, keys, tone = 'ghost', size = 'medium', pressed, className } = props
  return (
    <Tooltip text={label} keys={keys}>
      <AriaButton
        {...given({
          ref: props.ref,
          onPress: props.onPress,
          'aria-pressed': pressed,
          'aria-keyshortcuts': keys === undefined ? undefined : ariaKeys(keys, onMac()),
        })}
        aria-label={label}
        isDisabled={props.disabled ?? false}
        className={cx(s.button, s[tone], s[size], s.icon, className)}
      >
        <Icon name={icon} size={props.iconSize ?? (size === 'small' ? 13 : 14)} />
      </AriaButton>
    </Tooltip>
  )
}
