import { FieldError, Label, Text } from 'react-aria-components/TextField'
import s from './field.module.css'

/** What every field has around it. A label is never left out: `labelHidden` keeps it for those who listen. */
export interface FieldFrame {
  readonly label: string
  readonly labelHidden?: boolean | undefined
  readonly help?: string | undefined
  /** What is wrong with the value, in words. Its presence makes the field invalid. */
  readonly fault?: string | undefined
}

/** The label above a field. */
export function FieldLabel({ label, hidden }: { label: string; hidden: boolean | undefined }) {
  return (
    <Label className={s.label ?? ''} {...(hidden === true ? { 'data-hidden': '' } : {})}>
      {label}
    </Label>
  )
}

/** The line under a field: what is wrong, or else the help. */
export function FieldFoot({ help, fault }: { help: string | undefined; fault: string | undefined }) {
  if (fault !== undefined) return <FieldError className={s.fault ?? ''}>{fault}</FieldError>
  if (help === undefined) return null
  return (
    <Text slot="description" className={s.help ?? ''}>
      {help}
    </Text>
  )
}
