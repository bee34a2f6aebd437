import { useMemo } from 'react'
import { useLatest } from '#renderer/lib/use-latest.ts'
import { useCommands } from '#renderer/ui/commands/command-registry.tsx'
import type { Command } from '#renderer/ui/commands/command.ts'
import type { IconName } from '#renderer/ui/icons/icon-paths.ts'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'

/** A verb over a model or a version, from which menus, palette and keys are made alike. */
export type ModelVerb = {
  readonly id: string
  readonly label: string
  readonly icon: IconName
  readonly keys?: string | undefined
  readonly words?: string | undefined
  /** The dangerous ones stand last, under a rule. */
  readonly dangerous?: boolean | undefined
  readonly run: () => void
}

/** Verbs as a menu. */
export function menuOf(verbs: readonly ModelVerb[]): readonly MenuEntry[] {
  const entry = ({ id, label, icon, keys, dangerous, run }: ModelVerb): MenuEntry => ({
    kind: 'action',
    id,
    label,
    icon,
    keys,
    tone: dangerous === true ? 'bad' : undefined,
    onSelect: run,
  })
  const safe = verbs.filter(({ dangerous }) => dangerous !== true)
  const others = verbs.filter(({ dangerous }) => dangerous === true)
  return [
    ...safe.map(entry),
    ...(others.length === 0 ? [] : [{ kind: 'rule', id: 'danger' } as const]),
    ...others.map(entry),
  ]
}

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
