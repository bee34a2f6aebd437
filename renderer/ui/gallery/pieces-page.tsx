import { useState } from 'react'
import { Button } from '../buttons/button.tsx'
import { IconButton } from '../buttons/icon-button.tsx'
import { Checkbox } from '../fields/checkbox.tsx'
import { NumberField } from '../fields/number-field.tsx'
import { SearchField } from '../fields/search-field.tsx'
import { Segmented } from '../fields/segmented.tsx'
import { Select } from '../fields/select.tsx'
import { Switch } from '../fields/switch.tsx'
import { TextArea, TextField } from '../fields/text-field.tsx'
import { Kbd } from '../keys/kbd.tsx'
import { Chip, NewsChip, RunChip } from '../marks/chip.tsx'
import { DeltaBadge } from '../marks/delta-badge.tsx'
import { StatusPill, StateWord, Tag } from '../marks/pill.tsx'
import { WorkLine } from '../marks/progress.tsx'
import { RunKey, RunLine } from '../marks/run-key.tsx'
import { Sparkline } from '../marks/sparkline.tsx'
import { Loading } from '../states/loading.tsx'
import { Box, Line } from './box.tsx'
import { FloatsColumn } from './floats-column.tsx'
import s from './gallery.module.css'

const fixed = { kind: 'fixed', decimals: 4 } as const

function Colours() {
  return (
    <Box title="Run colours, then dash">
      {Array.from({ length: 10 }, (_, at) => (
        <div key={at} className={s.colours}>
          <span className="row" style={{ gap: 6 }}>
            <RunKey number={at + 1} />
            {at + 1}
          </span>
          <RunLine number={at + 1} width={52} />
          <RunLine number={at + 11} width={52} />
          <RunLine number={at + 21} width={52} />
          <span className="row" style={{ justifyContent: 'flex-end' }}>
            <RunKey number={at + 1} shown={false} />
            <RunKey number={at + 11} />
            <RunKey number={at + 21} />
            <RunKey number={at + 11} shown={false} />
          </span>
        </div>
      ))}
    </Box>
  )
}

function Type() {
  return (
    <Box title="Type">
      <div className={s.type}>
        <span style={{ fontSize: 20, lineHeight: '28px', fontWeight: 600, letterSpacing: '-.01em' }}>
          Start a bench
        </span>
        <span className="s11 t3">20/28 600</span>
        <span className="headline">0.8827</span>
        <span className="s11 t3">17/22 500 headline number</span>
        <span className="verdict">Significant drift in 2 columns</span>
        <span className="s11 t3">16/24 600 verdict</span>
        <span className="s13">Body, controls, navigation</span>
        <span className="s11 t3">13/20 400, 500, 600</span>
        <span className="s12 num">Table text 0.8497 ± 0.0007</span>
        <span className="s11 t3">12/16</span>
        <span className="s11 t2">Header, caption, axis 10.5</span>
        <span className="s11 t3">11/16</span>
        <span className="mono">params.num_leaves 4f2c9ab</span>
        <span className="s11 t3">mono 11.5/18</span>
      </div>
    </Box>
  )
}

function Buttons() {
  return (
    <Box title="Buttons: rest, off, quiet, danger, sizes">
      <Line>
        <Button tone="primary" icon="play">
          Launch run
        </Button>
        <Button tone="primary" keys="Mod+O">
          Open folder…
        </Button>
        <Button tone="primary" disabled>
          Launch run
        </Button>
      </Line>
      <Line>
        <Button icon="compare">Compare</Button>
        <Button pressed>Compare</Button>
        <Button disabled>Compare</Button>
        <Button note="EMA 0.6">Smooth</Button>
        <Button tone="link">Open difference</Button>
      </Line>
      <Line>
        <Button tone="ghost" icon="reports">
          Model card
        </Button>
        <Button tone="danger">Delete 412 MB</Button>
        <Button size="small">24 px</Button>
        <Button size="large">32 px</Button>
        <IconButton icon="star" label="Star" keys="s" />
        <IconButton icon="plus" label="Add run" tone="default" size="small" />
      </Line>
    </Box>
  )
}

function Controls() {
  const [find, setFind] = useState('val_|')
  const [view, setView] = useState<'table' | 'split' | 'charts'>('split')
  const [axis, setAxis] = useState<'step' | 'relative' | 'time' | null>('step')
  const [on, setOn] = useState(true)
  const [off, setOff] = useState(false)
  const [factor, setFactor] = useState(0.6)
  return (
    <Box title="Controls">
      <Line>
        <SearchField label="Find" className="grow" />
        <SearchField label="Find panels" value={find} onChange={setFind} mono trail="5 of 38" className="grow" />
        <Checkbox label="Chosen" labelHidden checked={on} onChange={setOn} />
        <Checkbox label="Open" labelHidden checked={off} onChange={setOff} />
        <Switch label="Follow" checked={on} onChange={setOn} />
        <Switch label="Only differences" labelHidden checked={off} onChange={setOff} />
      </Line>
      <Line>
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
        <Segmented
          label="Difference"
          size="small"
          value={view === 'table' ? 'unified' : 'side'}
          onChange={(id) => setView(id === 'unified' ? 'table' : 'split')}
          segments={[
            { id: 'unified', label: 'Unified' },
            { id: 'side', label: 'Side by side' },
          ]}
        />
      </Line>
      <Line>
        <Chip icon="group" name="Group" value="seed" onRemove={() => setOff(!off)} />
        <NewsChip onPress={() => setOff(!off)}>3 new runs</NewsChip>
        <Tag>base</Tag>
        <Kbd keys="Mod+K" />
        <Kbd keys="?" />
        <RunChip number={1} name="lgbm-l15-te" note="seed 42" onRemove={() => setOff(!off)} />
      </Line>
      <Line>
        <Select
          label="x axis"
          value={axis}
          onChange={setAxis}
          options={[
            { id: 'step', label: 'Step' },
            { id: 'relative', label: 'Relative time', note: 'since start' },
            { id: 'time', label: 'Wall time' },
          ]}
          className={s.column}
        />
        <NumberField label="Smoothing" value={factor} onChange={setFactor} min={0} max={0.99} step={0.05} />
        <TextField
          label="Name"
          value={find}
          onChange={setFind}
          fault={find === '' ? 'A run needs a name' : undefined}
          className="grow"
        />
      </Line>
      <TextArea label="Note" placeholder="What was tried, and why" rows={2} />
    </Box>
  )
}

function Marks() {
  return (
    <Box title="Status pills, states and delta badges">
      <Line>
        <StatusPill state="live">running</StatusPill>
        <StatusPill state="ok">valid</StatusPill>
        <StatusPill state="warn">moderate</StatusPill>
        <StatusPill state="bad">significant</StatusPill>
        <StatusPill state="none">no data</StatusPill>
      </Line>
      <Line>
        <span className="s12 row" style={{ gap: 14 }}>
          <StateWord state="done">finished</StateWord>
          <StateWord state="bad">failed, exit 1</StateWord>
          <StateWord state="wait">queued</StateWord>
          <Sparkline values={[0.2, 0.5, 0.62, 0.7, 0.74, 0.73, 0.75]} colour="var(--run-5)" />
        </span>
      </Line>
      <Line>
        <DeltaBadge delta={0.0121} goal="up" format={fixed} />
        <DeltaBadge delta={0.0431} goal="down" format={fixed} />
        <DeltaBadge delta={0} goal="up" format={fixed} />
        <DeltaBadge delta={0.77} goal="up" unit="%" format={{ kind: 'fixed', decimals: 2 }} boxed />
        <DeltaBadge delta={-44} goal="neutral" format={{ kind: 'integer' }} />
        <span className="s11 t3">green is better by the metric’s goal, not by its sign</span>
      </Line>
    </Box>
  )
}

/** All small pieces on one sheet. */
export function PiecesPage() {
  return (
    <main className={s.sheet}>
      <h1 className="only-heard">Pieces</h1>
      <div className={s.column}>
        <Colours />
        <Type />
        <Marks />
      </div>
      <div className={s.column}>
        <Buttons />
        <Controls />
        <Box title="Loading keeps the shape; nothing is drawn before 200 ms">
          <Loading label="Loading runs" rows={3} />
          <div style={{ height: 9 }} />
          <WorkLine label="Hashing" share={0.62} onCancel={() => undefined}>
            6,204 of 10,000 files, 9 s left
          </WorkLine>
        </Box>
      </div>
      <FloatsColumn />
    </main>
  )
}
