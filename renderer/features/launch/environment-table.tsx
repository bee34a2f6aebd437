import { useState } from 'react'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import s from './launch.module.css'

export type EnvironmentTableProps = {
  readonly value: Readonly<Record<string, string>>
  readonly onChange: (environment: Readonly<Record<string, string>>) => void
}

/** Variables that the launch sets besides the login shell's own. */
export function EnvironmentTable({ value, onChange }: EnvironmentTableProps) {
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const valid = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
  const add = (): void => {
    if (!valid) return
    onChange({ ...value, [name]: text })
    setName('')
    setText('')
  }
  return (
    <div className={s.environment}>
      {Object.entries(value).map(([key, current]) => (
        <div key={key} className={s.variable}>
          <span className="mono">{key}</span>
          <span className="mono cut t2">{current}</span>
          <IconButton
            icon="close"
            label={`Remove ${key}`}
            size="small"
            tone="ghost"
            onPress={() => onChange(Object.fromEntries(Object.entries(value).filter(([other]) => other !== key)))}
          />
        </div>
      ))}
      <div className={s.add}>
        <TextField
          label="Variable"
          value={name}
          onChange={setName}
          placeholder="OMP_NUM_THREADS"
          mono
          fault={name !== '' && !valid ? 'Letters, digits and _ only.' : undefined}
        />
        <TextField
          label="Value"
          value={text}
          onChange={setText}
          mono
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
        <Button disabled={!valid} onPress={add}>
          Add
        </Button>
      </div>
    </div>
  )
}
