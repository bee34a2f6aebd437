import type { Lifecycle } from '#shared/contract/runs.ts'
import type { Command } from '#renderer/ui/commands/command.ts'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'
import { verbMenu, type VerbWords } from '#renderer/ui/overlays/verb-menu.ts'

/** What a verb is done to: runs of one project, all in the same part of life. */
export type VerbTarget = {
  readonly runs: readonly string[]
  /** The name of the one run that is meant; absent for several. */
  readonly name?: string | undefined
  readonly lifecycle: Lifecycle
}

/** A verb over runs, from which menus, palette and keys are made alike. */
export type RunVerb = VerbWords & {
  readonly fits: (target: VerbTarget) => boolean
  readonly run: (target: VerbTarget) => void
}

/** The verbs that fit, as a menu. */
export function verbEntries(verbs: readonly RunVerb[], target: VerbTarget): readonly MenuEntry[] {
  const fitting = target.runs.length === 0 ? [] : verbs.filter((verb) => verb.fits(target))
  return verbMenu(fitting, ({ run }) => run(target))
}

/** The same verbs as commands. `targetNow` says what is meant at the moment when a key is pressed or the palette opens. */
export function verbCommands(
  verbs: readonly RunVerb[],
  group: string,
  targetNow: () => VerbTarget | undefined,
): readonly Command[] {
  return verbs.map(({ id, label, icon, keys, words, fits, run }): Command => ({
    id: `runs.${id}`,
    label,
    group,
    icon,
    // Enter belongs to whatever has the focus: a table opens its row with it, a button is pressed.
    keys: keys === 'Enter' ? undefined : keys,
    words,
    when: () => {
      const target = targetNow()
      return target !== undefined && target.runs.length > 0 && fits(target)
    },
    run: () => {
      const target = targetNow()
      if (target !== undefined) run(target)
    },
  }))
}
