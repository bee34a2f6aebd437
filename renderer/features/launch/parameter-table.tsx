import { joinCommand, splitCommand } from '#shared/domain/command-words.ts'
import { replaceArgument } from './replace-argument.ts'
import s from './launch.module.css'

export type ParameterTableProps = {
  readonly command: string
  readonly parameters: readonly { readonly key: string; readonly value: string }[]
  readonly onChange: (command: string) => void
}

/** The command's parameters as a small table: changing a value changes the command. */
export function ParameterTable({ command, parameters, onChange }: ParameterTableProps) {
  if (parameters.length === 0) return null
  const { words } = splitCommand(command)
  return (
    <div className={s.parameters} role="group" aria-label="Parameters">
      {parameters.map(({ key, value }) => {
        // What the command has in no form that can be rewritten, such as a flag, is only read.
        const fixed = replaceArgument(words, key, value, value) === undefined
        return (
          <label key={`${key}=${value}`}>
            <span className="mono cut" title={key}>
              {key}
            </span>
            <input
              className="mono"
              defaultValue={value}
              aria-label={key}
              readOnly={fixed}
              spellCheck={false}
              onBlur={(event) => {
                const next = replaceArgument(words, key, value, event.target.value)
                if (next !== undefined && event.target.value !== value) onChange(joinCommand(next))
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return
                // The first Enter takes the value over; the next one launches.
                if (event.currentTarget.value !== value) event.preventDefault()
                event.currentTarget.blur()
              }}
            />
          </label>
        )
      })}
    </div>
  )
}
