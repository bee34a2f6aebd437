import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { Kbd } from '#renderer/ui/keys/kbd.tsx'
import { Modal } from '#renderer/ui/overlays/modal.tsx'
import { useAllCommands } from '#renderer/ui/commands/command-registry.tsx'
import { keysOf, type CommandContext } from '#renderer/ui/commands/command.ts'
import s from './shortcut-sheet.module.css'

interface SheetLine {
  readonly label: string
  readonly keys: readonly string[]
}
interface SheetGroup {
  readonly title: string
  readonly lines: readonly SheetLine[]
}

/** Keys that controls listen to themselves, and that no command has. */
const controls: readonly SheetGroup[] = [
  {
    title: 'In a table',
    lines: [
      { label: 'Next or previous row', keys: ['j', 'k'] },
      { label: 'Select', keys: ['x'] },
      { label: 'Select further rows', keys: ['Shift+Down'] },
      { label: 'Select all', keys: ['Mod+A'] },
      { label: 'Open', keys: ['Enter'] },
      { label: 'Open or close a group', keys: ['Right', 'Left'] },
      { label: 'Copy the exact value', keys: ['Mod+C'] },
      { label: 'Menu of the row or column', keys: ['Shift+F10'] },
      { label: 'Sort by a column, in its header', keys: ['Enter'] },
      { label: 'Move a column, in its header', keys: ['Alt+Left', 'Alt+Right'] },
      { label: 'Make a column wider, in its header', keys: ['Shift+Right'] },
    ],
  },
  {
    title: 'In a chart',
    lines: [
      { label: 'Next or previous point', keys: ['Right', 'Left'] },
      { label: 'Next or previous run', keys: ['Down', 'Up'] },
      { label: 'Zoom in or out', keys: ['Plus', '-'] },
      { label: 'Show all', keys: ['0'] },
    ],
  },
]

/** All shortcuts of now, by group: those of the app and the screen, then those of tables and charts. */
export function ShortcutSheet({
  open,
  onClose,
  context,
}: {
  open: boolean
  onClose: () => void
  context: CommandContext
}) {
  const commands = useAllCommands().filter((command) => keysOf(command).length > 0 && command.when?.(context) !== false)
  const titles = [...new Set(commands.map((command) => command.group))]
  const groups: readonly SheetGroup[] = [
    ...titles.map((title) => ({
      title,
      lines: commands
        .filter((command) => command.group === title)
        .map((command) => ({ label: command.label.replace(/…$/, ''), keys: keysOf(command) })),
    })),
    ...controls,
  ]
  return (
    <Modal open={open} onClose={onClose} label="Keyboard shortcuts" kind="bare" width={680}>
      <div className={s.sheet}>
        <div className={s.head}>
          <h2>Keyboard shortcuts</h2>
          <IconButton icon="close" label="Close" keys="Esc" onPress={onClose} />
        </div>
        <div className={s.groups}>
          {groups.map((group) => (
            <section key={group.title} className={s.group}>
              <h3>{group.title}</h3>
              <dl>
                {group.lines.map((line) => (
                  <div key={line.label} className={s.line}>
                    <dt>{line.label}</dt>
                    <dd className={s.keys}>
                      {line.keys.map((keys) => (
                        <Kbd key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </Modal>
  )
}
