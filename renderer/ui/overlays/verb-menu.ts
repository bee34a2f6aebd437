import type { IconName } from '../icons/icon-paths.ts'
import type { MenuEntry } from './menu-items.tsx'

/** How a verb reads, in menus, the palette and by keys alike. */
export interface VerbWords {
  readonly id: string
  readonly label: string
  readonly icon: IconName
  readonly keys?: string | undefined
  /** Further words by which the palette finds it. */
  readonly words?: string | undefined
  /** The dangerous ones stand last, under a rule. */
  readonly dangerous?: boolean | undefined
}

/** Verbs as a menu. */
export function verbMenu<Verb extends VerbWords>(
  verbs: readonly Verb[],
  run: (verb: Verb) => void,
): readonly MenuEntry[] {
  const entry = (verb: Verb): MenuEntry => ({
    kind: 'action',
    id: verb.id,
    label: verb.label,
    icon: verb.icon,
    keys: verb.keys,
    tone: verb.dangerous === true ? 'bad' : undefined,
    onSelect: () => run(verb),
  })
  const safe = verbs.filter(({ dangerous }) => dangerous !== true)
  const others = verbs.filter(({ dangerous }) => dangerous === true)
  const rule: readonly MenuEntry[] = safe.length > 0 && others.length > 0 ? [{ kind: 'rule', id: 'danger' }] : []
  return [...safe.map(entry), ...rule, ...others.map(entry)]
}
