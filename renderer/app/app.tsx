import { useMemo, useState } from 'react'
import type { LaunchSpec } from '#shared/contract/launch.ts'
import { useClient, useInvalidation, useRead } from '#renderer/client/index.ts'
import { ExportDialog } from '#renderer/features/exports/index.ts'
import { ImportScreen, useDropImport } from '#renderer/features/imports/index.ts'
import { JobsScreen, LaunchDialog } from '#renderer/features/launch/index.ts'
import { ModelScreen } from '#renderer/features/models/index.ts'
import { HomeScreen, OpenFolderDialog, useOpenFolder, useUndo } from '#renderer/features/projects/index.ts'
import { CompareScreen, RunScreen } from '#renderer/features/runs/index.ts'
import { HelpScreen, SettingsScreen } from '#renderer/features/settings/index.ts'
import { navigate, printRoute, type Route } from '#renderer/lib/routes.ts'
import { usePreload } from '#renderer/lib/use-preload.ts'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { useAppCommands } from './app-commands.ts'
import type { CommandContext } from '#renderer/ui/commands/command.ts'
import { CompareTopBar } from './compare-top-bar.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { ErrorBoundary } from './errors/error-boundary.tsx'
import { DropNotice } from './drop-notice.tsx'
import { Frame, useRailFold } from './frame/frame.tsx'
import { ProjectSwitcher } from './frame/project-switcher.tsx'
import type { Place } from './frame/rail.tsx'
import { StatusItem } from './frame/status-bar.tsx'
import { TopBar } from './frame/top-bar.tsx'
import { useDocumentTitle, useRoute } from './frame/use-route.ts'
import { useDesktop } from './desktop/use-desktop.ts'
import { useKeymap } from './keymap/use-keymap.ts'
import { LinkScreen } from './link-screen.tsx'
import { ModelTopBar } from './model-top-bar.tsx'
import { ModelsPage } from './models-page.tsx'
import { usePaletteSources } from './palette-sources.ts'
import { Palette } from './palette/palette.tsx'
import { ShortcutSheet } from './palette/shortcut-sheet.tsx'
import { RunTopBar } from './run-top-bar.tsx'
import { RunsPage } from './runs-page.tsx'
import { useThemeCommands } from './theme/theme-context.tsx'
import { useThemeSetting } from './theme/use-theme-setting.ts'

/** In the order in which people go there from a table of runs. */
const NEXT = [
  RunScreen,
  CompareScreen,
  LaunchDialog,
  JobsScreen,
  ModelScreen,
  ImportScreen,
  SettingsScreen,
  HelpScreen,
  ExportDialog,
]

/** What a launch form was opened with; `spec` null is an empty one. */
export type LaunchRequest = { readonly project: string; readonly spec: LaunchSpec | null }

/** The window: places, the screen of the route, and what lies over it. */
export function App() {
  const route = useRoute()
  const toasts = useToasts()
  const client = useClient()
  const [folded, setFolded] = useRailFold()
  const [palette, setPalette] = useState<string | null>(null)
  const [sheet, setSheet] = useState(false)
  const [opening, setOpening] = useState(false)
  const [exporting, setExporting] = useState<string | null>(null)
  const [launching, setLaunching] = useState<LaunchRequest | null>(null)
  const projectId = 'project' in route ? route.project : undefined
  const inProject = projectId !== undefined
  const read = useRead('projects.get', { project: projectId ?? 'inbox' }, { enabled: inProject })
  const project = inProject ? read.data : undefined
  const recent = useRead('projects.recent', {})
  const info = useRead('system.info', {})
  const { undo } = useUndo(projectId)
  const folder = useOpenFolder()
  const openFolder = (): void =>
    void folder
      .choose(() => setOpening(true))
      .catch((error: Error) => toasts.show({ text: error.message, state: 'bad' }))
  const context: CommandContext = useMemo(() => ({ route, toasts }), [route, toasts])
  usePreload(NEXT)
  useInvalidation()
  useThemeSetting()
  useThemeCommands()
  useKeymap(context)
  useDesktop(context)
  useDocumentTitle(titleOf(route), project?.name ?? '')

  const launch = (spec: LaunchSpec | null): void => {
    if (projectId !== undefined) setLaunching({ project: projectId, spec })
  }
  const launchAgain = (run: string): void => {
    if (projectId === undefined) return
    client.launch
      .specOf({ project: projectId, run })
      .then((spec) => setLaunching({ project: projectId, spec }))
      .catch((error: Error) => toasts.show({ text: error.message, state: 'bad' }))
  }
  useAppCommands({
    project: projectId,
    openPalette: setPalette,
    openSheet: () => setSheet(true),
    openFolder,
    launch: () => launch(null),
    exportAll: () => setExporting(projectId ?? null),
    undo,
    foldRail: () => setFolded(!folded),
  })
  const sources = usePaletteSources(projectId)
  // Where no project is open, what is dropped goes to the one that takes whatever has none.
  const dropTarget = projectId ?? 'inbox'
  const dropping = useDropImport(
    (from) => navigate({ screen: 'import', project: dropTarget, from }),
    () => {
      navigate({ screen: 'import', project: dropTarget })
      toasts.show({ text: 'A browser does not say where a dropped file lies. Write its path here.', state: 'warn' })
    },
  )

  const counts = project?.counts
  const places: readonly Place[] = [
    {
      id: 'runs',
      label: 'Runs',
      icon: 'runs',
      href: inProject ? printRoute({ screen: 'runs', project: projectId }) : '#/',
      current: route.screen === 'runs' || route.screen === 'run' || route.screen === 'compare',
      count: counts?.runs.toLocaleString('en'),
      disabled: !inProject,
    },
    {
      id: 'models',
      label: 'Models',
      icon: 'models',
      href: inProject ? printRoute({ screen: 'models', project: projectId }) : '#/',
      current: route.screen === 'models' || route.screen === 'model',
      count: counts?.models || undefined,
      disabled: !inProject,
    },
    {
      id: 'jobs',
      label: 'Jobs',
      icon: 'jobs',
      href: inProject ? printRoute({ screen: 'jobs', project: projectId }) : '#/',
      current: route.screen === 'jobs',
      count: counts === undefined ? undefined : counts.running + counts.queued || undefined,
      disabled: !inProject,
    },
  ]
  const foot: readonly Place[] = [
    {
      id: 'settings',
      label: 'Settings',
      icon: 'settings',
      href: printRoute({ screen: 'settings', ...(inProject ? { project: projectId } : {}) }),
      current: route.screen === 'settings',
    },
    {
      id: 'help',
      label: 'Help',
      icon: 'help',
      href: printRoute({ screen: 'help', ...(inProject ? { project: projectId } : {}) }),
      current: route.screen === 'help',
      keys: '?',
    },
  ]
  const switcher: readonly MenuEntry[] = [
    ...(recent.data ?? []).map((one): MenuEntry => ({
      kind: 'action',
      id: one.id,
      label: one.name,
      icon: one.inbox ? 'download' : 'folder',
      note: one.state === 'missing' ? 'folder is gone' : undefined,
      checked: one.id === projectId,
      disabled: one.state === 'missing',
      onSelect: () => navigate({ screen: 'runs', project: one.id }),
    })),
    { kind: 'rule', id: 'rule' },
    {
      kind: 'action',
      id: 'open',
      label: 'Open folder…',
      icon: 'open',
      keys: 'Mod+O',
      onSelect: openFolder,
    },
    { kind: 'action', id: 'home', label: 'All projects', icon: 'list', onSelect: () => navigate({ screen: 'home' }) },
    ...(inProject
      ? [
          {
            kind: 'action',
            id: 'import',
            label: 'Import from MLflow…',
            icon: 'download',
            onSelect: () => navigate({ screen: 'import', project: projectId }),
          } as const,
        ]
      : []),
  ]
  const git = project?.git ?? null
  const busy = [counts?.running ? `${counts.running} running` : '', counts?.queued ? `${counts.queued} queued` : '']
    .filter((part) => part !== '')
    .join(', ')
  return (
    <>
      <Frame
        folded={folded}
        onFolded={setFolded}
        project={(isFolded) => (
          <ProjectSwitcher
            name={project?.name ?? (inProject ? projectId : 'No project')}
            entries={switcher}
            folded={isFolded}
          />
        )}
        places={places}
        foot={foot}
        onSearch={() => setPalette('')}
        statusLeft={
          <>
            {info.data === undefined ? null : (
              <StatusItem dot="ok" note="accepting MLflow" title={project?.trackingUri ?? info.data.url}>
                {info.data.url.replace(/^https?:\/\//, '')}
              </StatusItem>
            )}
            {busy === '' || projectId === undefined ? null : (
              <StatusItem state="live" href={printRoute({ screen: 'jobs', project: projectId })}>
                {busy}
              </StatusItem>
            )}
          </>
        }
        statusRight={
          <>
            {git === null ? null : (
              <StatusItem
                icon="branch"
                note={
                  git.uncommitted === 0
                    ? undefined
                    : `${git.uncommitted} uncommitted ${git.uncommitted === 1 ? 'file' : 'files'}`
                }
              >
                {git.branch ?? git.commit?.slice(0, 8) ?? 'no commit'}
              </StatusItem>
            )}
            {project?.databaseElsewhere === null || project === undefined ? null : (
              <StatusItem icon="info" title={project.database}>
                {project.databaseElsewhere}
              </StatusItem>
            )}
          </>
        }
      >
        <ConnectionNotice />
        <ErrorBoundary name={titleOf(route)} resetKey={printRoute(route)}>
          <Screen route={route} onLaunch={() => launch(null)} onLaunchAgain={launchAgain} />
        </ErrorBoundary>
      </Frame>
      <Palette
        open={palette !== null}
        initial={palette ?? ''}
        onClose={() => setPalette(null)}
        sources={sources}
        context={context}
      />
      <ShortcutSheet open={sheet} onClose={() => setSheet(false)} context={context} />
      {dropping ? (
        <DropNotice
          project={
            project?.name ?? (inProject ? projectId : (recent.data?.find(({ inbox }) => inbox)?.name ?? 'Inbox'))
          }
        />
      ) : null}
      <OpenFolderDialog open={opening} onClose={() => setOpening(false)} />
      {exporting === null ? null : <ExportDialog project={exporting} onClose={() => setExporting(null)} />}
      {launching === null ? null : (
        <LaunchDialog project={launching.project} initial={launching.spec} onClose={() => setLaunching(null)} />
      )}
    </>
  )
}

function titleOf(route: Route): string {
  switch (route.screen) {
    case 'home':
      return 'Start'
    case 'runs':
      return 'Runs'
    case 'run':
    case 'link':
      return 'Run'
    case 'compare':
      return 'Compare'
    case 'models':
      return 'Models'
    case 'model':
      return route.name
    case 'jobs':
      return 'Jobs'
    case 'import':
      return 'Import'
    case 'settings':
      return 'Settings'
    case 'help':
      return 'Help'
  }
}

type ScreenProps = {
  readonly route: Route
  readonly onLaunch: () => void
  readonly onLaunchAgain: (run: string) => void
}

function Screen({ route, onLaunch, onLaunchAgain }: ScreenProps) {
  switch (route.screen) {
    case 'home':
      return <HomeScreen />
    case 'runs':
      return <RunsPage key={route.project} project={route.project} filter={route.filter ?? ''} onLaunch={onLaunch} />
    case 'run':
      return (
        <>
          <RunTopBar project={route.project} run={route.run} onLaunchAgain={onLaunchAgain} />
          <RunScreen project={route.project} run={route.run} tab={route.tab} />
        </>
      )
    case 'compare':
      return (
        <>
          <CompareTopBar project={route.project} runs={route.runs} />
          <CompareScreen project={route.project} runs={route.runs} />
        </>
      )
    case 'models':
      return <ModelsPage key={route.project} project={route.project} find={route.find ?? ''} />
    case 'model':
      return (
        <>
          <ModelTopBar project={route.project} name={route.name} />
          <ModelScreen
            key={`${route.project}/${route.name}`}
            project={route.project}
            name={route.name}
            version={route.version}
          />
        </>
      )
    case 'jobs':
      return (
        <>
          <TopBar title="Jobs" />
          <JobsScreen project={route.project} />
        </>
      )
    case 'import':
      return (
        <>
          <TopBar
            crumb={{ label: 'Runs', href: printRoute({ screen: 'runs', project: route.project }) }}
            title="Import"
          />
          <ImportScreen key={route.project} project={route.project} from={route.from} />
        </>
      )
    case 'settings':
      return (
        <>
          <TopBar title="Settings" />
          <SettingsScreen project={route.project} />
        </>
      )
    case 'help':
      return (
        <>
          <TopBar title="Help" />
          <HelpScreen project={route.project} />
        </>
      )
    case 'link':
      return <LinkScreen run={route.run} />
  }
}
