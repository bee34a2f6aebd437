import { useMemo } from 'react'
import { useLatest } from '#renderer/lib/use-latest.ts'
import { useCommands } from '#renderer/ui/commands/command-registry.tsx'
import type { Command } from '#renderer/ui/commands/command.ts'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'
import { verbMenu, type VerbWords } from '#renderer/ui/overlays/verb-menu.ts'

/** A verb over a model or a version, from which menus, palette and keys are made alike. */
export type ModelVerb = VerbWords & { readonly run: () => void }

/** Verbs as a menu. */
export const menuOf = (verbs: readonly ModelVerb[]): readonly MenuEntry[] => verbMenu(verbs, ({ run }) => run())

/** Registers the verbs for palette and keys while they are shown. */
export function useVerbCommands(group: string, verbs: readonly ModelVerb[]): void {
  const now = useLatest(verbs)
  // Verbs are made with each draw; commands are registered anew only when they read otherwise.
  const words = JSON.stringify(
    verbs.map(({ id, label, icon, keys, words: more }) => ({ id, label, icon, keys, words: more })),
  )
  const commands = useMemo(
    () =>
      (JSON.parse(words) as readonly Omit<ModelVerb, 'run'>[]).map(({ id, ...rest }): Command => ({
        ...rest,
        id: `models.${id}`,
        group,
        run: () => now.current.find((verb) => verb.id === id)?.run(),
      })),
    [now, group, words],
  )
  useCommands(commands)
}
