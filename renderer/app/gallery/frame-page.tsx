import { useMemo, useState } from 'react'
import { createCommandRegistry, CommandRegistryProvider, useCommands } from '#renderer/ui/commands/command-registry.tsx'
import type { Command, CommandContext } from '#renderer/ui/commands/command.ts'
import { Frame, useRailFold } from '../frame/frame.tsx'
import { ProjectSwitcher } from '../frame/project-switcher.tsx'
import { StatusItem } from '../frame/status-bar.tsx'
import { FilterBar, TopBar } from '../frame/top-bar.tsx'
import { useKeymap } from '../keymap/use-keymap.ts'
import { Palette } from '../palette/palette.tsx'
import type { PaletteSource } from '../palette/palette-model.ts'
import { ShortcutSheet } from '../palette/shortcut-sheet.tsx'
import { ChartGroupProvider, createChartGroup, emphasiseRun } from '#renderer/charts/chart-group.tsx'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Segmented } from '#renderer/ui/fields/segmented.tsx'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import { Chip, NewsChip } from '#renderer/ui/marks/chip.tsx'
import { Tag } from '#renderer/ui/marks/pill.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { ChartsGrid } from '#renderer/ui/gallery/charts-page.tsx'
import { RunsGrid } from '#renderer/ui/gallery/runs-grid.tsx'
import { sampleRuns } from '#renderer/ui/gallery/sample-runs.ts'

const places = [
  { id: 'runs', label: 'Runs', icon: 'runs', href: '#/p/telco-churn/runs', current: true, count: 214 },
  {
    id: 'jobs',
    label: 'Jobs',
    icon: 'jobs',
    href: '#/p/telco-churn/jobs',
    count: 3,
    alert: { tone: 'live', words: '2 running' },
  },
] as const
const foot = [
  { id: 'settings', label: 'Settings', icon: 'settings', href: '#/settings' },
  { id: 'help', label: 'Help', icon: 'help', href: '#/help', keys: '?' },
] as const

const sources: readonly PaletteSource[] = [
  {
    id: 'runs',
    title: 'Runs',
    prefix: { sign: '#', word: 'runs' },
    find: async (text) => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return sampleRuns
        .filter((run) => run.name.includes(text))
        .slice(0, 5)
        .map((run) => ({
          id: run.name,
          label: run.name,
          run: run.number,
          note: `val_auc ${run.auc}`,
          choose: () => undefined,
        }))
    },
  },
  {
    id: 'help',
    title: 'Help',
    fixed: true,
    find: () => [{ id: 'kept', label: 'What is kept when I import?', icon: 'help', choose: () => undefined }],
  },
]

function Content() {
  const toasts = useToasts()
  const [palette, setPalette] = useState(false)
  const [sheet, setSheet] = useState(false)
  const [folded, setFolded] = useRailFold()
  const [group] = useState(createChartGroup)
  const [view, setView] = useState<'table' | 'split' | 'charts'>('split')
  const [filter, setFilter] = useState('')
  const context: CommandContext = { route: { screen: 'home' }, toasts }
  const commands = useMemo(
    (): readonly Command[] => [
      {
        id: 'app.palette',
        label: 'Search or run',
        group: 'General',
        keys: 'Mod+K',
        hidden: true,
        run: () => setPalette(true),
      },
      {
        id: 'app.keys',
        label: 'Keyboard shortcuts',
        group: 'General',
        keys: '?',
        icon: 'help',
        run: () => setSheet(true),
      },
      {
        id: 'app.rail',
        label: folded ? 'Unfold the rail' : 'Fold the rail',
        group: 'View',
        keys: 'Mod+B',
        icon: 'sidebar',
        run: () => setFolded(!folded),
      },
      { id: 'launch', label: 'Launch run…', group: 'Runs', icon: 'play', keys: 'n', run: () => undefined },
      { id: 'go.runs', label: 'Go to runs', group: 'Go', icon: 'runs', keys: 'g r', run: () => undefined },
      {
        id: 'view.table',
        label: 'Show table only',
        group: 'View',
        icon: 'table',
        run: () => setView('table'),
        undo: () => setView('split'),
      },
    ],
    [folded, setFolded],
  )
  useCommands(commands)
  useKeymap(context)
  const table = (
    <RunsGrid
      filter={filter}
      onHover={(name) => {
        const run = sampleRuns.find((one) => one.name === name)
        emphasiseRun(group, run === undefined ? null : { id: run.name, number: run.number })
      }}
    />
  )
  const charts = (
    <ChartGroupProvider value={group}>
      <ChartsGrid />
    </ChartGroupProvider>
  )
  return (
    <>
      <Frame
        project={(small) => (
          <ProjectSwitcher
            name="telco-churn"
            folded={small}
            entries={[{ kind: 'action', id: 'open', label: 'Open folder…', icon: 'folder', onSelect: () => undefined }]}
          />
        )}
        places={places}
        groups={[
          {
            title: 'Saved views',
            places: [
              { id: 'v', label: 'Encoding study', href: '#/', current: true },
              { id: 'w', label: 'Seeds, all models', href: '#/x' },
            ],
          },
        ]}
        foot={foot}
        folded={folded}
        onFolded={setFolded}
        onSearch={() => setPalette(true)}
        statusLeft={
          <>
            <StatusItem dot="ok" note="accepting MLflow">
              127.0.0.1:5080
            </StatusItem>
            <StatusItem state="live" href="#/jobs">
              2 running, 1 queued
            </StatusItem>
          </>
        }
        statusRight={
          <StatusItem icon="branch" note="3 uncommitted files">
            main
          </StatusItem>
        }
      >
        <TopBar
          title="Runs"
          state={
            <>
              <span className="t3">Encoding study</span>
              <Tag>edited</Tag>
              <Button tone="ghost" size="small">
                Save view
              </Button>
            </>
          }
          verbs={
            <>
              <NewsChip onPress={() => undefined}>3 new runs</NewsChip>
              <Segmented
                label="View"
                value={view}
                onChange={setView}
                segments={[
                  { id: 'table', label: 'Table', icon: 'table' },
                  { id: 'split', label: 'Split', icon: 'split' },
                  { id: 'charts', label: 'Charts', icon: 'chart' },
                ]}
              />
              <Button tone="primary" icon="play">
                Launch run
              </Button>
            </>
          }
        />
        <FilterBar label="Filter and grouping">
          <SearchField
            label="Filter runs"
            value={filter}
            onChange={setFilter}
            mono
            className="grow"
            trail="21 groups, 106 of 214 runs"
          />
          <Chip icon="group" name="Group" value="everything except seed" onRemove={() => undefined} />
          <Chip icon="baseline" name="Baseline" value="logreg-onehot" onRemove={() => undefined} />
          <Button size="small" icon="columns" note="9 of 87">
            Columns
          </Button>
        </FilterBar>
        {view === 'table' ? (
          table
        ) : view === 'charts' ? (
          charts
        ) : (
          <SplitPane label="Resize table" side="left" initial={765} minimum={320} pane={table} remember="runs.split">
            {charts}
          </SplitPane>
        )}
      </Frame>
      <Palette open={palette} onClose={() => setPalette(false)} sources={sources} context={context} />
      <ShortcutSheet open={sheet} onClose={() => setSheet(false)} context={context} />
    </>
  )
}

/** The frame around a runs page. */
export function FramePage() {
  const [registry] = useState(createCommandRegistry)
  return (
    <CommandRegistryProvider value={registry}>
      <Content />
    </CommandRegistryProvider>
  )
}
