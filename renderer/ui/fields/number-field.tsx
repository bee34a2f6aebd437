import type { ReactNode } from 'react'
import { Button, Group, Input, NumberField as AriaNumberField } from 'react-aria-components/NumberField'
import { cx } from '../cx.ts'
import { given } from '../given.ts'
import { Icon } from '../icons/icon.tsx'
import { FieldFoot, FieldLabel, type FieldFrame } from './field-parts.tsx'
import s from './field.module.css'

export interface NumberFieldProps extends FieldFrame {
  /** NaN stands for an empty field. */
  readonly value?: number | undefined
  readonly defaultValue?: number | undefined
  readonly onChange?: ((value: number) => void) | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly step?: number | undefined
  /** The unit, set behind the value. */
  readonly trail?: ReactNode
  readonly size?: 'small' | 'medium' | 'large' | undefined
  readonly disabled?: boolean | undefined
  readonly className?: string | undefined
}

/** A number with steps by arrow keys, Page Up and Page Down, or the two small buttons. */
export function NumberField(props: NumberFieldProps) {
  const { label, labelHidden, help, fault, trail, size = 'medium' } = props
  return (
    <AriaNumberField
      {...given({
        value: props.value,
        defaultValue: props.defaultValue,
        onChange: props.onChange,
        minValue: props.min,
        maxValue: props.max,
        step: props.step,
        isDisabled: props.disabled,
      })}
      isInvalid={fault !== undefined}
      className={cx(s.stack, props.className)}
    >
      <FieldLabel label={label} hidden={labelHidden} />
      <Group className={s.field ?? ''} data-size={size}>
        <Input className={cx(s.input, 'num')} />
        {trail === undefined ? null : <span className={s.trail}>{trail}</span>}
        <span className={s.steps}>
          <Button slot="increment" className={s.step ?? ''}>
            <Icon name="up" size={10} />
          </Button>
          <Button slot="decrement" className={s.step ?? ''}>
            <Icon name="down" size={10} />
          </Button>
        </span>
      </Group>
      <FieldFoot help={help} fault={fault} />
    </AriaNumberField>
  )
}
