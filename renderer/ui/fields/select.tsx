import {
  Button,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
} from 'react-aria-components/Select'
import { cx } from '../cx.ts'
import { given } from '../given.ts'
import { Icon } from '../icons/icon.tsx'
import type { IconName } from '../icons/icon-paths.ts'
import menu from '../overlays/menu.module.css'
import { FieldFoot, FieldLabel, type FieldFrame } from './field-parts.tsx'
import s from './field.module.css'

export interface SelectOption<Id extends string> {
  readonly id: Id
  readonly label: string
  readonly note?: string | undefined
  readonly icon?: IconName | undefined
  readonly disabled?: boolean | undefined
}

export interface SelectProps<Id extends string> extends FieldFrame {
  readonly options: readonly SelectOption<Id>[]
  /** Null while nothing is chosen. */
  readonly value: Id | null
  readonly onChange: (id: Id) => void
  readonly placeholder?: string | undefined
  readonly size?: 'small' | 'medium' | 'large' | undefined
  readonly disabled?: boolean | undefined
  readonly className?: string | undefined
}

/** One of a list that opens. For two to four short words use Segmented, where all are seen. */
export function Select<Id extends string>(props: SelectProps<Id>) {
  const { label, labelHidden, help, fault, options, value, onChange, size = 'medium' } = props
  return (
    <AriaSelect
      {...given({ isDisabled: props.disabled })}
      isInvalid={fault !== undefined}
      value={value}
      onChange={(key) => {
        const option = options.find((one) => one.id === key)
        if (option !== undefined) onChange(option.id)
      }}
      placeholder={props.placeholder ?? 'Choose…'}
      className={cx(s.stack, props.className)}
    >
      <FieldLabel label={label} hidden={labelHidden} />
      <Button className={s.select ?? ''} data-size={size}>
        <SelectValue className={s.chosen ?? ''} />
        <Icon name="upDown" size={12} />
      </Button>
      <FieldFoot help={help} fault={fault} />
      <Popover className={cx(menu.float, s.options)} offset={4}>
        <ListBox className={menu.list ?? ''} items={options}>
          {(option) => (
            <ListBoxItem
              id={option.id}
              textValue={option.label}
              className={menu.item ?? ''}
              isDisabled={option.disabled ?? false}
            >
              {option.icon === undefined ? null : <Icon name={option.icon} size={14} />}
              <Text slot="label" className={menu.label ?? ''}>
                {option.label}
              </Text>
              {option.note === undefined ? null : (
                <Text slot="description" className={menu.note ?? ''} data-note="">
                  {option.note}
                </Text>
              )}
              <span className={menu.tick}>
                <Icon name="check" size={12} />
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
