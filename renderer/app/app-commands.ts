import { useMemo } from 'react'
import { navigate } from '#renderer/lib/routes.ts'
import { useLatest } from '#renderer/lib/use-latest.ts'
import { useCommands } from '#renderer/ui/commands/command-registry.tsx'
import type { Command } from '#renderer/ui/commands/command.ts'

export type AppCommandOptions = {
  readonly project: string | undefined
  /** Opens the palette with a text, such as `#` for runs. */
  readonly openPalette: (initial: string) => void
  readonly openSheet: () => void
  readonly openFolder: () => void
  readonly launch: () => void
  readonly exportAll: () => void
  readonly undo: () => void
  readonly foldRail: () => void
}

/** The verbs that are there on every screen. */
export function useAppCommands(options: AppCommandOptions): void {
  const { project } = options
  // The verbs read the newest options when they run; the list itself changes only with the project.
  const latest = useLatest(options)
  const commands = useMemo((): readonly Command[] => {
    const inProject = (): boolean => project !== undefined
    const go = (screen: 'runs' | 'models' | 'jobs') => (): void => {
      if (project !== undefined) navigate({ screen, project })
    }
    return [
      {
        id: 'palette.open',
        label: 'Search or run…',
        group: 'View',
        icon: 'search',
        keys: 'Mod+K',
        hidden: true,
        run: () => latest.current.openPalette(''),
      },
      {
        id: 'palette.runs',
        label: 'Find a run…',
        group: 'Go',
        icon: 'runs',
        keys: 'Mod+P',
        when: inProject,
        run: () => latest.current.openPalette('#'),
      },
      {
        id: 'shortcuts.show',
        label: 'Show shortcuts',
        group: 'View',
        icon: 'help',
        keys: '?',
        run: () => latest.current.openSheet(),
      },
      {
        id: 'rail.fold',
        label: 'Fold or unfold the rail',
        group: 'View',
        icon: 'sidebar',
        keys: 'Mod+B',
        run: () => latest.current.foldRail(),
      },
      {
        id: 'project.open',
        label: 'Open folder…',
        group: 'Project',
        icon: 'open',
        keys: 'Mod+O',
        run: () => latest.current.openFolder(),
      },
      {
        id: 'project.undo',
        label: 'Undo the last change',
        group: 'Project',
        icon: 'undo',
        keys: 'Mod+Z',
        when: inProject,
        run: () => latest.current.undo(),
      },
      {
        id: 'launch.open',
        label: 'Launch run…',
        group: 'Runs',
        icon: 'play',
        keys: 'Mod+Enter',
        when: inProject,
        run: () => latest.current.launch(),
      },
      {
        id: 'import.open',
        label: 'Import from MLflow…',
        group: 'Project',
        icon: 'download',
        words: 'mlruns mlflow.db tracking server take in',
        // Where no project is open, it goes to the one that takes whatever has none.
        run: () => navigate({ screen: 'import', project: project ?? 'inbox' }),
      },
      {
        id: 'export.open',
        label: 'Export to MLflow…',
        group: 'Project',
        icon: 'folder',
        when: inProject,
        words: 'mlflow.db leave write save',
        run: () => latest.current.exportAll(),
      },
      {
        id: 'go.home',
        label: 'Go to all projects',
        group: 'Go',
        icon: 'folder',
        keys: 'g h',
        run: () => navigate({ screen: 'home' }),
      },
      { id: 'go.runs', label: 'Go to runs', group: 'Go', icon: 'runs', keys: 'g r', when: inProject, run: go('runs') },
      {
        id: 'go.models',
        label: 'Go to models',
        group: 'Go',
        icon: 'models',
        keys: 'g m',
        words: 'registry registered',
        when: inProject,
        run: go('models'),
      },
      { id: 'go.jobs', label: 'Go to jobs', group: 'Go', icon: 'jobs', keys: 'g j', when: inProject, run: go('jobs') },
      {
        id: 'go.settings',
        label: 'Go to settings',
        group: 'Go',
        icon: 'settings',
        keys: 'g s',
        words: 'recorded privacy theme',
        run: () => navigate({ screen: 'settings', ...(project === undefined ? {} : { project }) }),
      },
      {
        id: 'go.help',
        label: 'Go to help',
        group: 'Go',
        icon: 'help',
        words: 'how to',
        run: () => navigate({ screen: 'help', ...(project === undefined ? {} : { project }) }),
      },
    ]
  }, [project, latest])
  useCommands(commands)
}
