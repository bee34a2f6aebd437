import { useState } from 'react'
import { Button } from '../buttons/button.tsx'
import { Pair, Pairs, Section } from '../layout/section.tsx'
import { Tabs } from '../layout/tabs.tsx'
import { TreeView } from '../layout/tree-view.tsx'
import { Dialog } from '../overlays/dialog.tsx'
import { Menu } from '../overlays/menu.tsx'
import { Popover } from '../overlays/popover.tsx'
import { useContextMenu } from '../overlays/context-menu.tsx'
import type { MenuEntry } from '../overlays/menu-items.tsx'
import { CodeBlock } from '../states/code-block.tsx'
import { NoMatch } from '../states/empty-state.tsx'
import { ErrorPanel } from '../states/error-panel.tsx'
import { useToasts } from '../states/toasts.tsx'
import { Box, Line } from './box.tsx'
import s from './gallery.module.css'

const entries = (say: (text: string) => void): readonly MenuEntry[] => [
  { kind: 'action', id: 'compare', label: 'Compare', icon: 'compare', keys: 'c', onSelect: () => say('Compare') },
  { kind: 'action', id: 'base', label: 'Make baseline', icon: 'baseline', keys: 'b', onSelect: () => say('Baseline') },
  { kind: 'action', id: 'pin', label: 'Pin', icon: 'pin', keys: 'p', checked: true, onSelect: () => say('Pin') },
  { kind: 'rule', id: 'rule' },
  {
    kind: 'submenu',
    id: 'export',
    label: 'Export',
    icon: 'download',
    items: [{ kind: 'action', id: 'csv', label: 'CSV', onSelect: () => say('CSV') }],
  },
  { kind: 'action', id: 'again', label: 'Run again…', icon: 'refresh', onSelect: () => say('Again') },
  { kind: 'rule', id: 'rule2' },
  {
    kind: 'action',
    id: 'trash',
    label: 'Move to trash',
    icon: 'trash',
    tone: 'bad',
    keys: 'Backspace',
    onSelect: () => say('Trash'),
  },
]

const snippet = `# once, before training
import os
os.environ["MLFLOW_TRACKING_URI"] = "http://127.0.0.1:5080"`

/** What floats over a page, what stands in for one, and the parts of an inspector. */
export function FloatsColumn() {
  const toasts = useToasts()
  const context = useContextMenu()
  const [asking, setAsking] = useState(false)
  const [tab, setTab] = useState<'overview' | 'log' | 'code'>('overview')
  const say = (text: string) =>
    void toasts.show({ text, action: { label: 'Undo', keys: 'Mod+Z', onPress: () => undefined } })
  return (
    <div className={s.column}>
      <Box title="Toast, dialog, menu, popover">
        <Line>
          <Button onPress={() => say('4 runs moved to trash, kept 30 days')}>Show toast</Button>
          <Button onPress={() => setAsking(true)}>Delete…</Button>
          <Menu label="Run" entries={entries(say)}>
            <Button icon="more">Menu</Button>
          </Menu>
          <Popover label="Columns" trigger={<Button icon="columns">Columns</Button>}>
            Controls stand here.
          </Popover>
          <button
            type="button"
            className="s12 t2"
            onContextMenu={(event) => {
              event.preventDefault()
              context.open({ x: event.clientX, y: event.clientY, label: 'Run', entries: entries(say) })
            }}
          >
            Right click here
          </button>
          {context.element}
        </Line>
        <Dialog
          open={asking}
          onClose={() => setAsking(false)}
          onAction={() => setAsking(false)}
          title="Delete 4 runs and 412 MB for good?"
          action="Delete 412 MB"
          note="This cannot be undone"
          destructive
        >
          Artifacts of 4 runs are freed now. Two files are also used by churn-lgbm v11 and stay.
        </Dialog>
      </Box>
      <Box title="No match is not loss">
        <NoMatch
          title="No run matches"
          kept="214 runs are here; this filter leaves none."
          clause="val_auc > 0.9"
          action={<Button>Clear filter</Button>}
        />
      </Box>
      <Box title="Error: what, why, what to do, one button">
        <ErrorPanel
          title="Push stopped at 3 of 7 files"
          action={{ label: 'Choose another key…', onPress: () => say('Chosen') }}
          details={'PutObject https://lab-bucket: 403 AccessDenied'}
          logId="7f3a"
        >
          lab-bucket refused the key (403 on PutObject). Nothing half-written is visible to others.
        </ErrorPanel>
      </Box>
      <Box title="Inspector section, code, tabs, tree">
        <Section title="Launch" note="18" action={<Button tone="link">Open difference</Button>}>
          <Pairs>
            <Pair label="Commit">
              <span className="mono">e07b1c4</span>
            </Pair>
            <Pair label="Python">3.12.4, venv</Pair>
            <Pair label="Started">today 14:20</Pair>
          </Pairs>
        </Section>
        <CodeBlock label="Snippet" code={snippet} language="python" />
        <Tabs
          label="Run"
          value={tab}
          onChange={setTab}
          tabs={[
            { id: 'overview', label: 'Overview' },
            { id: 'log', label: 'Log', count: 24 },
            { id: 'code', label: 'Code' },
          ]}
        >
          <TreeView
            label="Files"
            open={['out']}
            onSelect={() => undefined}
            nodes={[
              {
                id: 'out',
                label: 'out',
                icon: 'folder',
                note: '3 files',
                children: [
                  { id: 'model', label: 'model.json', icon: 'file', note: '412 kB' },
                  { id: 'matrix', label: 'confusion.svg', icon: 'image', note: '8 kB' },
                ],
              },
              { id: 'log', label: 'train.log', icon: 'file', note: '2 kB' },
            ]}
          />
        </Tabs>
      </Box>
    </div>
  )
}
