import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { LogLine } from '#shared/contract/launch.ts'
import { formatClock } from '#shared/lib/format-time.ts'
import { useClient, useFollow, useRead } from '#renderer/client/index.ts'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { CopyButton } from '#renderer/ui/buttons/copy-button.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Select } from '#renderer/ui/fields/select.tsx'
import { Switch } from '#renderer/ui/fields/switch.tsx'
import { cx } from '#renderer/ui/cx.ts'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { useDebounced } from '#renderer/lib/use-debounced.ts'
import s from './log.module.css'

const PAGE = 500
const ROW = 18

export type LogTabProps = {
  readonly project: string
  readonly run: string
  readonly live: boolean
  readonly fill?: boolean
}

type Lines = { readonly total: number; readonly lines: ReadonlyMap<number, LogLine>; readonly ranks: readonly number[] }
const EMPTY: Lines = { total: 0, lines: new Map(), ranks: [] }

/** The log: only what is seen is fetched and drawn; follows its end, finds text, keeps a progress bar as one line. */
export function LogTab({ project, run, live }: LogTabProps) {
  const client = useClient()
  const [log, setLog] = useState<Lines>(EMPTY)
  const [loaded, setLoaded] = useState(false)
  const [follow, setFollow] = useState(true)
  const [text, setText] = useState('')
  const [rank, setRank] = useState<string>('all')
  const [hit, setHit] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const asked = useRef(new Set<number>())
  const search = useDebounced(text, 200)
  const found = useRead(
    'launch.searchLog',
    { project, run, text: search === '' ? ' ' : search },
    { enabled: search !== '' },
  )
  const hits = search === '' ? [] : (found.data?.lines ?? [])
  const current = hits[hit % Math.max(1, hits.length)]

  const virtual = useVirtualizer({
    count: log.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 20,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0

  useEffect(() => {
    const controller = new AbortController()
    asked.current = new Set()
    client.launch
      .log({ project, run, from: 0, limit: 1 }, { signal: controller.signal })
      .then(({ total, ranks }) => {
        setLog({ total, lines: new Map(), ranks })
        setLoaded(true)
      })
      .catch(() => setLoaded(true))
    return () => controller.abort()
  }, [client, project, run])

  useEffect(() => {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) {
      if (asked.current.has(page) || log.total === 0) continue
      asked.current.add(page)
      client.launch
        .log({ project, run, from: page * PAGE, limit: PAGE })
        .then(({ lines, total, ranks }) =>
          setLog((before) => ({ total: Math.max(total, before.total), ranks, lines: withLines(before.lines, lines) })),
        )
        .catch(() => asked.current.delete(page))
    }
  }, [client, project, run, first, last, log.total])

  useFollow('launch.followLog', live && loaded ? { project, run, from: log.total } : null, ({ lines, total }) =>
    setLog((before) => ({ ...before, total, lines: withLines(before.lines, lines) })),
  )

  useEffect(() => {
    if (follow && search === '' && log.total > 0) virtual.scrollToIndex(log.total - 1, { align: 'end' })
  }, [follow, search, log.total, virtual])
  useEffect(() => {
    if (current !== undefined) virtual.scrollToIndex(current, { align: 'center' })
  }, [current, virtual])

  const step = (by: number): void => setHit((hit + by + hits.length) % Math.max(1, hits.length))
  return (
    <section className={s.log} aria-label="Log">
      <div className={s.bar}>
        <span className="w6 s12">Log</span>
        <span className="t3 s11 num">{log.total.toLocaleString('en')} lines</span>
        {log.ranks.length > 1 ? (
          <Select
            label="Rank"
            labelHidden
            size="small"
            value={rank}
            onChange={setRank}
            options={[
              { id: 'all', label: 'All ranks' },
              ...log.ranks.map((one) => ({ id: String(one), label: `Rank ${one}` })),
            ]}
          />
        ) : null}
        <span className={s.grow} />
        <SearchField
          label="Find in log"
          value={text}
          onChange={(next) => {
            setText(next)
            setHit(0)
          }}
          onKeyDown={(event) => event.key === 'Enter' && step(event.shiftKey ? -1 : 1)}
          trail={
            search === ''
              ? undefined
              : hits.length === 0
                ? 'none'
                : `${(hit % hits.length) + 1} of ${hits.length.toLocaleString('en')}${found.data?.truncated === true ? '+' : ''}`
          }
          className={s.find}
        />
        {hits.length === 0 ? null : (
          <>
            <IconButton icon="up" label="Previous find" size="small" tone="ghost" onPress={() => step(-1)} />
            <IconButton icon="down" label="Next find" size="small" tone="ghost" onPress={() => step(1)} />
          </>
        )}
        <Switch label="Follow" checked={follow} onChange={setFollow} />
        <CopyButton
          text={[...log.lines.values()]
            .toSorted((a, b) => a.number - b.number)
            .map((line) => line.text)
            .join('\n')}
          label="Copy"
          size="small"
          tone="ghost"
        />
      </div>
      <div
        ref={scroller}
        className={s.scroll}
        tabIndex={0}
        role="log"
        aria-label="Output"
        aria-live="off"
        onWheel={(event) => {
          if (event.deltaY < 0) setFollow(false)
        }}
      >
        {loaded && log.total === 0 ? (
          <EmptyState title="Nothing printed">
            {live ? 'Output shows here as the script prints it.' : 'This run has no output of its own kept here.'}
          </EmptyState>
        ) : null}
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const line = log.lines.get(index)
            return (
              <div
                key={index}
                className={cx(
                  s.line,
                  line?.stream === 'err' && s.err,
                  looksWrong(line?.text) && s.warn,
                  index === current && s.hit,
                  rank !== 'all' && line?.rank !== null && line?.rank !== Number(rank) && s.other,
                )}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span className={s.time}>
                  {line?.time === null || line?.time === undefined ? '' : formatClock(line.time)}
                </span>
                <span className={s.text}>
                  {line === undefined ? '' : search === '' ? line.text : marked(line.text, search)}
                </span>
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}

function withLines(before: ReadonlyMap<number, LogLine>, lines: readonly LogLine[]): ReadonlyMap<number, LogLine> {
  const next = new Map(before)
  for (const line of lines) next.set(line.number, line)
  return next
}

function looksWrong(text: string | undefined): boolean {
  return (
    text !== undefined &&
    /\b(?:warning|warn|error|exception|traceback|nan|overflow|out of memory)\b/i.test(text.slice(0, 400))
  )
}

function marked(text: string, search: string): React.ReactNode {
  const at = text.toLowerCase().indexOf(search.toLowerCase())
  if (at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + search.length)}</mark>
      {text.slice(at + search.length)}
    </>
  )
}
