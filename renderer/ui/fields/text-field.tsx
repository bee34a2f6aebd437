import type { KeyboardEvent, ReactNode, Ref } from 'react'
import { Group } from 'react-aria-components/Group'
import { Input, TextField as AriaTextField } from 'react-aria-components/TextField'
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea'
import { cx } from '../cx.ts'
import { given } from '../given.ts'
import { Icon } from '../icons/icon.tsx'
import type { IconName } from '../icons/icon-paths.ts'
import { FieldFoot, FieldLabel, type FieldFrame } from './field-parts.tsx'
import s from './field.module.css'

export interface TextFieldProps extends FieldFrame {
  readonly value?: string | undefined
  readonly defaultValue?: string | undefined
  readonly onChange?: ((value: string) => void) | undefined
  readonly onKeyDown?: ((event: KeyboardEvent<HTMLInputElement>) => void) | undefined
  readonly onBlur?: (() => void) | undefined
  readonly placeholder?: string | undefined
  readonly icon?: IconName | undefined
  /** Set behind the value, e.g. a unit or a count. */
  readonly trail?: ReactNode
  readonly mono?: boolean | undefined
  /** Shown as dots: a token, which a look over the shoulder or a picture of the page must not tell. */
  readonly secret?: boolean | undefined
  readonly size?: 'small' | 'medium' | 'large' | undefined
  readonly disabled?: boolean | undefined
  readonly required?: boolean | undefined
  readonly autoFocus?: boolean | undefined
  readonly name?: string | undefined
  readonly className?: string | undefined
  readonly ref?: Ref<HTMLInputElement> | undefined
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const { label, labelHidden, help, fault, icon, trail, mono, size = 'medium', className } = props
  return (
    <AriaTextField
      {...given({
        value: props.value,
        defaultValue: props.defaultValue,
        onChange: props.onChange,
        onBlur: props.onBlur,
        isDisabled: props.disabled,
        isRequired: props.required,
        autoFocus: props.autoFocus,
        name: props.name,
        type: props.secret === true ? ('password' as const) : undefined,
      })}
      isInvalid={fault !== undefined}
      // Says what is wrong and holds nothing back: the browser's own way would refuse to send the form again.
      validationBehavior="aria"
      className={cx(s.stack, className)}
    >
      <FieldLabel label={label} hidden={labelHidden} />
      <Group className={s.field ?? ''} data-size={size}>
        {icon === undefined ? null : <Icon name={icon} size={12} />}
        <Input
          {...given({ ref: props.ref, placeholder: props.placeholder, onKeyDown: props.onKeyDown })}
          className={cx(s.input, mono === true && s.mono)}
          spellCheck="false"
          autoComplete="off"
        />
        {trail === undefined ? null : <span className={s.trail}>{trail}</span>}
      </Group>
      <FieldFoot help={help} fault={fault} />
    </AriaTextField>
  )
}

export interface TextAreaProps extends FieldFrame {
  readonly value?: string | undefined
  readonly defaultValue?: string | undefined
  readonly onChange?: ((value: string) => void) | undefined
  readonly onBlur?: (() => void) | undefined
  readonly placeholder?: string | undefined
  readonly rows?: number | undefined
  readonly mono?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly autoFocus?: boolean | undefined
  readonly className?: string | undefined
}

/** Several lines of text, e.g. a note. */
export function TextArea(props: TextAreaProps) {
  return (
    <AriaTextField
      {...given({
        value: props.value,
        defaultValue: props.defaultValue,
        onChange: props.onChange,
        onBlur: props.onBlur,
        isDisabled: props.disabled,
        autoFocus: props.autoFocus,
      })}
      isInvalid={props.fault !== undefined}
      validationBehavior="aria"
      className={cx(s.stack, props.className)}
    >
      <FieldLabel label={props.label} hidden={props.labelHidden} />
      <AriaTextArea
        {...given({ placeholder: props.placeholder })}
        rows={props.rows ?? 3}
        className={cx(s.area, props.mono === true && s.mono)}
      />
      <FieldFoot help={props.help} fault={props.fault} />
    </AriaTextField>
  )
}
