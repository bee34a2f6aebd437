import type { Route } from '#renderer/lib/routes.ts'
import type { IconName } from '#renderer/ui/icons/icon-paths.ts'
import type { Toasts } from '#renderer/ui/states/toasts.tsx'

/** What a command is given when it is asked whether it can run, and when it runs. */
export interface CommandContext {
  readonly route: Route
  readonly toasts: Toasts
}

/**
 * A verb of the app. One object feeds menu, palette, shortcuts, shortcut sheet and tests. A screen registers the
 * verbs of what it shows (`useCommands`), closed over its own state; they go when it goes.
 */
export interface Command {
  /** Unique: `runs.compare`. */
  readonly id: string
  /** Sentence case, a verb first, `…` when more is asked: "Launch run…". */
  readonly label: string
  /** Heading in the shortcut sheet and in the menu bar: "Runs". */
  readonly group: string
  readonly icon?: IconName | undefined
  /** Quieter, after the label in the palette. */
  readonly note?: string | undefined
  /** Further words that the palette finds it by. */
  readonly words?: string | undefined
  /** One shortcut or several; the first is shown. */
  readonly keys?: string | readonly string[] | undefined
  /** False hides it from the palette and switches its keys off. */
  readonly when?: ((context: CommandContext) => boolean) | undefined
  readonly run: (context: CommandContext) => void | Promise<void>
  /** Takes back what `run` did to the view. What the backend did is undone by the backend's own undo. */
  readonly undo?: ((context: CommandContext) => void) | undefined
  /** Reached by its keys and by menus alone, e.g. steps of a list. */
  readonly hidden?: boolean | undefined
}

/** All shortcuts of a command. */
export const keysOf = (command: Command): readonly string[] =>
  command.keys === undefined ? [] : typeof command.keys === 'string' ? [command.keys] : command.keys

/** The shortcut to show beside it. */
export const shownKeys = (command: Command): string | undefined => keysOf(command)[0]

/** Runs a command. One with an undo of its own says that it ran, with Undo; a failure is said, never swallowed. */
export const runCommand = async (command: Command, context: CommandContext): Promise<void> => {
  if (command.when?.(context) === false) return
  try {
    await command.run(context)
  } catch (error) {
    context.toasts.show({ text: error instanceof Error ? error.message : String(error), state: 'bad' })
    return
  }
  const { undo } = command
  if (undo === undefined) return
  context.toasts.show({
    text: command.label.replace(/…$/, ''),
    action: { label: 'Undo', onPress: () => undo(context) },
  })
}
