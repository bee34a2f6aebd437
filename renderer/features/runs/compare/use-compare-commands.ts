import { useMemo } from 'react'
import { useLatest } from '#renderer/lib/use-latest.ts'
import { useCommands } from '#renderer/ui/commands/command-registry.tsx'
import type { Command } from '#renderer/ui/commands/command.ts'

export type CompareActions = {
  /** Goes so many differences on. */
  readonly step: (by: number) => void
  readonly toggleOnly: () => void
  /** Makes the run that stands second the base. */
  readonly nextBase: () => void
  readonly copy: () => Promise<void>
  readonly differing: number
}

/** Offers the verbs of a comparison. */
export function useCompareCommands(actions: CompareActions): void {
  const now = useLatest(actions)
  const commands = useMemo((): readonly Command[] => {
    const someDiffer = (): boolean => now.current.differing > 0
    return [
      {
        id: 'compare.next',
        label: 'Next difference',
        group: 'Compare',
        icon: 'down',
        keys: 'n',
        when: someDiffer,
        run: () => now.current.step(1),
      },
      {
        id: 'compare.previous',
        label: 'Previous difference',
        group: 'Compare',
        icon: 'up',
        keys: 'p',
        when: someDiffer,
        run: () => now.current.step(-1),
      },
      {
        id: 'compare.only',
        label: 'Only differences, or all rows',
        group: 'Compare',
        icon: 'filter',
        keys: 'd',
        run: () => now.current.toggleOnly(),
      },
      {
        id: 'compare.base',
        label: 'Make the next run the base',
        group: 'Compare',
        icon: 'baseline',
        keys: 'b',
        run: () => now.current.nextBase(),
      },
      {
        id: 'compare.markdown',
        label: 'Copy as Markdown',
        group: 'Compare',
        icon: 'copy',
        keys: 'm',
        words: 'table export',
        run: () => now.current.copy(),
      },
    ]
  }, [now])
  useCommands(commands)
}
