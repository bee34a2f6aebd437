import type { Settings } from '#shared/contract/settings.ts'
import { useHost, useRead, useWrite } from '#renderer/client/index.ts'
import { useEffect, useState } from 'react'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { CopyButton } from '#renderer/ui/buttons/copy-button.tsx'
import { NumberField } from '#renderer/ui/fields/number-field.tsx'
import { Segmented } from '#renderer/ui/fields/segmented.tsx'
import { Switch } from '#renderer/ui/fields/switch.tsx'
import { TextArea } from '#renderer/ui/fields/text-field.tsx'
import { Pair, Pairs, Section } from '#renderer/ui/layout/section.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { SpaceSection } from './space-section.tsx'
import s from './settings.module.css'

const THEMES = [
  { id: 'system', label: 'System' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
] as const
const DENSITIES = [
  { id: 'compact', label: 'Compact' },
  { id: 'normal', label: 'Normal' },
  { id: 'cosy', label: 'Cosy' },
] as const

type Capture = keyof Settings['capture']
/** What is recorded about a run, in words, each with its switch. */
const CAPTURED: readonly (readonly [Capture, string, string])[] = [
  [
    'arguments',
    'Command and parameters',
    'The command line, and the parameters found in it. Values that look like secrets are masked before they are written.',
  ],
  [
    'configFiles',
    'Configuration files',
    'Files that the command names (JSON, YAML, TOML) and Hydra’s own are copied into the run, secrets masked.',
  ],
  [
    'hook',
    'Argument defaults and seeds',
    'A start-up hook in the launched Python notes what argparse and click resolved, and which seeds were set.',
  ],
  [
    'git',
    'Commit and branch',
    'Read without locking the repository. Names of untracked files are listed, up to a bound.',
  ],
  ['diff', 'Uncommitted changes', 'The diff against the commit, up to a bound, secrets masked.'],
  ['packages', 'Python and packages', 'Versions of the interpreter and of what is installed in it.'],
  [
    'environment',
    'Environment variables',
    'Only names on an allow-list, such as CUDA_VISIBLE_DEVICES or OMP_NUM_THREADS.',
  ],
  ['systemMetrics', 'Machine', 'Processor, memory, disk and GPU of the run’s processes, every few seconds.'],
  [
    'logMetrics',
    'Metrics in the log',
    'Numbers that trainers print are read from the output and marked “from the log”.',
  ],
  ['writtenFiles', 'Written files', 'Files under the folder that changed during the run are listed, not copied.'],
]

/** The user's settings: look, launching, what is recorded, and the process behind it all. */
export function SettingsScreen({ project }: { readonly project?: string | undefined }) {
  const settings = useRead('settings.get', {})
  const info = useRead('system.info', {})
  const update = useWrite('settings.update')
  const toasts = useToasts()
  const host = useHost()
  const { data } = settings
  if (settings.error !== null) return <ErrorPanel inset title={settings.error.message} logId={settings.error.logId} />
  if (data === undefined) return <Loading label="Settings" rows={12} />
  const change = (part: Partial<Settings>): void =>
    update.mutate({ change: part }, { onError: (error) => void toasts.show({ text: error.message, state: 'bad' }) })
  return (
    <div className={s.screen}>
      <div className={s.column}>
        <Section title="Look">
          <div className={s.row}>
            <span>Theme</span>
            <Segmented label="Theme" segments={THEMES} value={data.theme} onChange={(theme) => change({ theme })} />
          </div>
          <div className={s.row}>
            <span>Rows of tables</span>
            <Segmented
              label="Rows of tables"
              segments={DENSITIES}
              value={data.density}
              onChange={(density) => change({ density })}
            />
          </div>
        </Section>
        <Section title="Launching">
          <div className={s.row}>
            <span>Queued runs at once</span>
            <NumberField
              label="Queued runs at once"
              labelHidden
              value={data.queueLimit}
              min={1}
              max={64}
              onChange={(queueLimit) => change({ queueLimit })}
              className={s.number}
            />
          </div>
          <div className={s.row}>
            <span>Grace before a stop insists</span>
            <NumberField
              label="Grace before a stop insists"
              labelHidden
              value={data.stopGrace}
              min={1}
              max={3600}
              trail="s"
              onChange={(stopGrace) => change({ stopGrace })}
              className={s.number}
            />
          </div>
          <ListField
            label="Device slots"
            help="Values of CUDA_VISIBLE_DEVICES, one a line: each is given to one queued run at a time. Empty leaves it unset."
            value={data.devices}
            onChange={(devices) => change({ devices })}
          />
        </Section>
        <Section title="What is recorded" note="of every run that Benchtop launches or hears">
          {CAPTURED.map(([key, label, words]) => (
            <div key={key} className={s.capture}>
              <Switch
                label={label}
                checked={data.capture[key]}
                onChange={(on) => change({ capture: { ...data.capture, [key]: on } })}
              />
              <p>{words}</p>
            </div>
          ))}
          <ListField
            label="Written files to keep"
            help="Globs relative to the project’s folder, one a line: outputs/*.svg. Their bytes are copied into the run."
            value={data.keep}
            onChange={(keep) => change({ keep })}
          />
          <p className="s12 t2">
            Nothing leaves this machine. There is no telemetry, and nothing is fetched from anywhere.
          </p>
        </Section>
        {project === undefined ? null : <SpaceSection project={project} />}
        {info.data === undefined ? null : (
          <Section title="Behind it">
            <Pairs>
              <Pair label="Address">{info.data.url}</Pair>
              <Pair label="Version">{`${info.data.version} (${info.data.build})`}</Pair>
              <Pair label="Data folder">{info.data.dataFolder}</Pair>
              <Pair label="Log">{info.data.logFile}</Pair>
              <Pair label="Secrets rest in">
                {host.capabilities.secrets === 'keychain' ? 'the system’s keychain' : 'a file that only you can read'}
              </Pair>
            </Pairs>
            <InstallCommand command={info.data.installCommand} />
          </Section>
        )}
      </div>
    </div>
  )
}

function InstallCommand({ command }: { readonly command: string | null }) {
  const install = useWrite('system.installCommand')
  const toasts = useToasts()
  if (command === null) return <p className="s12 t3">The benchtop command is on your PATH.</p>
  return (
    <div className={s.install}>
      <p className="s12 t2">The benchtop command is not on your PATH yet.</p>
      <Button
        onPress={() =>
          install.mutate(
            {},
            {
              onSuccess: ({ path }) => void toasts.show({ text: `benchtop is at ${path}.`, state: 'done' }),
              onError: (error) => void toasts.show({ text: error.message, state: 'bad' }),
            },
          )
        }
      >
        Put it there
      </Button>
      <CopyButton text={command} label="Copy the command" size="medium" />
    </div>
  )
}

type ListFieldProps = {
  readonly label: string
  readonly help: string
  readonly value: readonly string[]
  readonly onChange: (value: readonly string[]) => void
}

/** One entry a line; stored when the field is left. */
function ListField({ label, help, value, onChange }: ListFieldProps) {
  const stored = value.join('\n')
  const [text, setText] = useState(stored)
  useEffect(() => setText(stored), [stored])
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return (
    <TextArea
      className={s.list}
      label={label}
      help={help}
      rows={3}
      mono
      value={text}
      onChange={setText}
      onBlur={() => lines.join('\n') !== stored && onChange(lines)}
    />
  )
}
