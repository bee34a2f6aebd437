import { useEffect, useState } from 'react'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { Switch } from '#renderer/ui/fields/switch.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { Dialog } from '#renderer/ui/overlays/dialog.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import s from './launch.module.css'

export type LogRuleDialogProps = {
  readonly project: string
  readonly script: string
  /** Metrics that were read from this run's log. */
  readonly found: readonly string[]
  readonly onClose: () => void
}

type Rule = {
  readonly enabled: boolean
  readonly ignore: readonly string[]
  readonly rename: Readonly<Record<string, string>>
}

/** Corrects what is read from a script's output: another name for a number, or leaving it out, or reading nothing at all. */
export function LogRuleDialog({ project, script, found, onClose }: LogRuleDialogProps) {
  const stored = useRead('launch.logRule', { project, script })
  const save = useWrite('launch.setLogRule')
  const toasts = useToasts()
  const [rule, setRule] = useState<Rule | null>(null)
  useEffect(() => {
    if (stored.data !== undefined) setRule((before) => before ?? stored.data)
  }, [stored.data])
  const keys = [...new Set([...found, ...(rule?.ignore ?? []), ...Object.keys(rule?.rename ?? {})])].toSorted()
  const store = (): void => {
    if (rule === null) return
    const rename = Object.fromEntries(
      Object.entries(rule.rename).filter(([key, name]) => name.trim() !== '' && name !== key),
    )
    save.mutate(
      { project, script, enabled: rule.enabled, ignore: rule.ignore, rename },
      {
        onSuccess: () => {
          onClose()
          toasts.show({ text: `Logs of ${script} are read again by this.`, state: 'done' })
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Which numbers does ${script} print?`}
      action="Save"
      disabled={rule === null || save.isPending}
      onAction={store}
      width={520}
      note={save.error?.message}
    >
      {rule === null ? null : (
        <div className={s.form}>
          <Switch
            label="Read metrics from its output"
            checked={rule.enabled}
            onChange={(enabled) => setRule({ ...rule, enabled })}
          />
          {keys.length === 0 ? <p className="s12 t3">None were found in this run’s output.</p> : null}
          {rule.enabled
            ? keys.map((key) => {
                const ignored = rule.ignore.includes(key)
                return (
                  <div key={key} className={s.rule}>
                    <span className={ignored ? 'mono cut t3' : 'mono cut'}>{key}</span>
                    <TextField
                      label={`Name for ${key}`}
                      labelHidden
                      value={rule.rename[key] ?? key}
                      disabled={ignored}
                      mono
                      onChange={(name) => setRule({ ...rule, rename: { ...rule.rename, [key]: name } })}
                    />
                    <IconButton
                      icon={ignored ? 'undo' : 'close'}
                      label={ignored ? `Read ${key} again` : `Leave ${key} out`}
                      size="small"
                      tone="ghost"
                      onPress={() =>
                        setRule({
                          ...rule,
                          ignore: ignored ? rule.ignore.filter((one) => one !== key) : [...rule.ignore, key],
                        })
                      }
                    />
                  </div>
                )
              })
            : null}
        </div>
      )}
    </Dialog>
  )
}
