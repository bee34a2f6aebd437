import type { KeyboardEvent, ReactNode, Ref } from 'react'
import { Button, Input, SearchField as AriaSearchField } from 'react-aria-components/SearchField'
import { Group } from 'react-aria-components/Group'
import { cx } from '../cx.ts'
import { given } from '../given.ts'
import { Icon } from '../icons/icon.tsx'
import { FieldLabel } from './field-parts.tsx'
import s from './field.module.css'

export interface SearchFieldProps {
  /** What is searched, e.g. "Find in log". It is the placeholder as well. */
  readonly label: string
  readonly value?: string | undefined
  readonly onChange?: ((value: string) => void) | undefined
  readonly onSubmit?: ((value: string) => void) | undefined
  readonly onKeyDown?: ((event: KeyboardEvent<HTMLInputElement>) => void) | undefined
  /** Count of matches, e.g. "5 of 38". */
  readonly trail?: ReactNode
  readonly mono?: boolean | undefined
  readonly size?: 'small' | 'medium' | undefined
  readonly autoFocus?: boolean | undefined
  readonly className?: string | undefined
  readonly ref?: Ref<HTMLInputElement> | undefined
}

/** Finds within what is shown. Escape clears it. The label is heard, and seen as the placeholder. */
export function SearchField(props: SearchFieldProps) {
  const { label, trail, mono, size = 'medium' } = props
  return (
    <AriaSearchField
      {...given({ value: props.value, onChange: props.onChange, onSubmit: props.onSubmit, autoFocus: props.autoFocus })}
      className={cx(s.stack, props.className)}
    >
      {({ isEmpty }) => (
        <>
          <FieldLabel label={label} hidden />
          <Group className={s.field ?? ''} data-size={size}>
            <Icon name="search" size={12} />
            <Input
              {...given({ ref: props.ref, onKeyDown: props.onKeyDown })}
              placeholder={label}
              className={cx(s.input, mono === true && s.mono)}
              spellCheck="false"
            />
            {trail === undefined ? null : <span className={s.trail}>{trail}</span>}
            {isEmpty ? null : (
              <Button className={s.clear ?? ''}>
                <Icon name="close" size={10} />
              </Button>
            )}
          </Group>
        </>
      )}
    </AriaSearchField>
  )
}
