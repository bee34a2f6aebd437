import { useState } from 'react'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import s from './launch.module.css'

export type EnvironmentTableProps = {
  readonly value: Readonly<Record<string, string>>
  readonly onChange: (environment: Readonly<Record<string, string>>) => void
}

/** Variables that the launch sets besides the login shell's own; folded away until there is one or one is wanted. */
export function EnvironmentTable({ value, onChange }: EnvironmentTableProps) {
  const [adding, setAdding] = useState(false)
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const names = Object.keys(value)
  const valid = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
  const add = (): void => {
    if (!valid) return
    onChange({ ...value, [name]: text })
    setName('')
    setText('')
  }
  return (
    <div className={s.environment} role="group" aria-label="Environment variables">
      <div className="row">
        <span className="s12 t2">Environment variables</span>
        {adding ? null : (
          <Button tone="link" onPress={() => setAdding(true)}>
            {names.length === 0 ? 'Set one' : 'Set another'}
          </Button>
        )}
      </div>
      {Object.entries(value).map(([key, current]) => (
        <div key={key} className={s.variable}>
          <span className="mono cut">{key}</span>
          <span className="mono cut t2">{current}</span>
          <IconButton
            icon="close"
            label={`Remove ${key}`}
            size="small"
            onPress={() => onChange(Object.fromEntries(Object.entries(value).filter(([other]) => other !== key)))}
          />
        </div>
      ))}
      {adding ? (
        <div className={s.add}>
          <TextField
            label="Variable"
            labelHidden
            value={name}
            onChange={setName}
            placeholder="OMP_NUM_THREADS"
            mono
            autoFocus
            fault={name !== '' && !valid ? 'Letters, digits and _ only.' : undefined}
          />
          <TextField
            label="Value"
            labelHidden
            value={text}
            onChange={setText}
            placeholder="value"
            mono
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              add()
            }}
          />
          <Button disabled={!valid} onPress={add}>
            Set
          </Button>
        </div>
      ) : null}
    </div>
  )
}
