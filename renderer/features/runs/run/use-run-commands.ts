import { useMemo } from 'react'
import { navigate } from '#renderer/lib/routes.ts'
import { useLatest } from '#renderer/lib/use-latest.ts'
import { useCommands } from '#renderer/ui/commands/command-registry.tsx'
import type { Command } from '#renderer/ui/commands/command.ts'
import { type RunVerb, verbCommands, type VerbTarget } from '../verbs/run-verb.ts'
import { RUN_TABS } from './run-tabs.ts'

/** Offers the verbs of a run's page: its tabs, and what can be done to the run. */
export function useRunCommands(
  project: string,
  run: string,
  target: VerbTarget | undefined,
  verbs: readonly RunVerb[],
): void {
  const now = useLatest(target)
  const commands = useMemo(
    (): readonly Command[] => [
      ...verbCommands(
        verbs.filter(({ id }) => id !== 'open' && id !== 'compare'),
        'Run',
        () => now.current,
      ),
      ...RUN_TABS.map(({ id, label }, index): Command => ({
        id: `run.tab.${id}`,
        label: `Show ${label.toLowerCase()}`,
        group: 'View',
        keys: String(index + 1),
        run: () => navigate({ screen: 'run', project, run, tab: id }, { replace: true }),
      })),
    ],
    [project, run, verbs, now],
  )
  useCommands(commands)
}
