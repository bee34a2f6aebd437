import { type Command, type CommandContext, shownKeys } from '#renderer/ui/commands/command.ts'

/** A command as the desktop's menu bar shows it. */
export type MenuItem = {
  readonly command: string
  readonly label: string
  readonly menu: string
  readonly keys: string | null
  readonly enabled: boolean
}

/** Commands that a menu bar holds elsewhere than under their own heading, where people look for them. */
const PLACES: Readonly<Record<string, string>> = {
  'project.open': 'File',
  'launch.open': 'File',
  'project.undo': 'Edit',
  'shortcuts.show': 'Help',
  'go.help': 'Help',
}

/** The menu bar of the commands that are there now: a group is a menu, and what cannot run is grey. */
export function menuItems(commands: readonly Command[], context: CommandContext): readonly MenuItem[] {
  return commands.map((command) => ({
    command: command.id,
    label: command.label,
    menu: PLACES[command.id] ?? command.group,
    keys: shownKeys(command) ?? null,
    enabled: command.when?.(context) !== false,
  }))
}
