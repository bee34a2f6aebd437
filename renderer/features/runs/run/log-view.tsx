import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { formatClock } from '#shared/lib/format-time.ts'
import { useClient, useRead } from '#renderer/client/index.ts'
import { useDebounced } from '#renderer/lib/use-debounced.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Select } from '#renderer/ui/fields/select.tsx'
import { Switch } from '#renderer/ui/fields/switch.tsx'
import { cx } from '#renderer/ui/cx.ts'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { looksWrong, Marked } from './log-words.tsx'
import s from './log.module.css'
import { useLogLines } from './use-log-lines.ts'

const ROW = 18
/** Lines that Copy takes: the last ones. */
const COPIED = 10_000

export type LogTabProps = { readonly project: string; readonly run: string; readonly live: boolean }

/** The log: only what is seen is fetched and drawn; follows its end, finds text, keeps a progress bar as one line. */
export function LogTab({ project, run, live }: LogTabProps) {
  const log = useLogLines(project, run, live)
  const [follow, setFollow] = useState(true)
  const [text, setText] = useState('')
  const [rank, setRank] = useState<string>('all')
  const [hit, setHit] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
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
  const ensure = useEffectEvent(() => {
    if (items.length > 0) log.ensure(first, last)
  })
  useEffect(() => ensure(), [first, last, log.total])

  const following = follow && search === ''
  useEffect(() => {
    if (following && log.total > 0) virtual.scrollToIndex(log.total - 1, { align: 'end' })
  }, [following, log.total, virtual])
  useEffect(() => {
    if (current !== undefined) virtual.scrollToIndex(current, { align: 'center' })
  }, [current, virtual])

  // Whoever scrolls up wants to read; whoever comes back to the end wants to see what comes.
  const top = useRef(0)
  const onScroll = (node: HTMLElement): void => {
    const fromEnd = node.scrollHeight - node.clientHeight - node.scrollTop
    if (node.scrollTop < top.current - 1 && fromEnd > ROW * 2) setFollow(false)
    else if (fromEnd < ROW && node.scrollTop > top.current) setFollow(true)
    top.current = node.scrollTop
  }
  const step = (by: number): void => setHit((hit + by + hits.length) % Math.max(1, hits.length))
  const counted =
    search === '' || found.data === undefined
      ? undefined
      : hits.length === 0
        ? 'none'
        : `${(hit % hits.length) + 1} of ${hits.length.toLocaleString('en')}${found.data.truncated ? '+' : ''}`
  return (
    <section className={s.log} aria-label="Log">
      <div className={s.bar}>
        <span className="w6 s12">Log</span>
        <span className="t3 s12 num">
          {log.total.toLocaleString('en')} {log.total === 1 ? 'line' : 'lines'}
        </span>
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
          size="small"
          value={text}
          onChange={(next) => {
            setText(next)
            setHit(0)
          }}
          onKeyDown={(event) => event.key === 'Enter' && step(event.shiftKey ? -1 : 1)}
          trail={counted}
          className={s.find}
        />
        {hits.length === 0 ? null : (
          <>
            <IconButton icon="up" label="Previous find" size="small" onPress={() => step(-1)} />
            <IconButton icon="down" label="Next find" size="small" onPress={() => step(1)} />
          </>
        )}
        <Switch label="Follow" checked={follow} onChange={setFollow} />
        <CopyLog project={project} run={run} total={log.total} />
      </div>
      {log.error === null ? null : <ErrorPanel inset title={log.error.message} logId={log.error.logId} />}
      <div
        ref={scroller}
        className={s.scroll}
        tabIndex={0}
        role="log"
        aria-label="Output"
        aria-live="off"
        onScroll={(event) => onScroll(event.currentTarget)}
      >
        {log.loaded && log.error === null && log.total === 0 ? (
          <EmptyState title="Nothing printed">
            {live ? 'Output shows here as the script prints it.' : 'This run has no output of its own kept here.'}
          </EmptyState>
        ) : null}
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const line = log.line(index)
            const shown = line?.text ?? ''
            return (
              <div
                key={index}
                className={cx(
                  s.line,
                  line?.stream === 'err' && s.err,
                  looksWrong(shown) && s.warn,
                  index === current && s.hit,
                  rank !== 'all' && line !== undefined && line.rank !== Number(rank) && s.other,
                )}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span className={s.time}>{line === undefined || line.time === null ? '' : formatClock(line.time)}</span>
                <span className={s.text}>
                  <Marked text={shown} words={search} />
                </span>
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}

/** Copies what was printed; of a very long log the end, and says so. */
function CopyLog({ project, run, total }: { readonly project: string; readonly run: string; readonly total: number }) {
  const client = useClient()
  const toasts = useToasts()
  const copy = async (): Promise<void> => {
    const from = Math.max(0, total - COPIED)
    const { lines } = await client.launch.log({ project, run, from, limit: COPIED })
    await navigator.clipboard.writeText(lines.map(({ text }) => text).join('\n'))
    const what =
      from === 0 ? `${lines.length.toLocaleString('en')} lines` : `The last ${COPIED.toLocaleString('en')} lines`
    toasts.show({ text: `${what} copied`, state: 'done' })
  }
  return (
    <Button
      size="small"
      tone="ghost"
      icon="copy"
      disabled={total === 0}
      onPress={() => void copy().catch((error: Error) => toasts.show({ text: error.message, state: 'bad' }))}
    >
      Copy
    </Button>
  )
}
