import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { readProcStat } from './identity.ts'

/** A line of the process table. */
export type ProcessRow = {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  readonly zombie: boolean
  /** Seconds of processor time, of the children that it waited for too. */
  readonly cpu: number
  /** Resident memory in bytes where the table holds it (`ps`); Linux is asked for it by `usageOf`. */
  readonly resident: number
}

/** Linux counts processor time in these; 100 a second on every platform that Node is built for. */
const TICKS_A_SECOND = 100

/** All processes that the system shows us. Linux reads /proc (about 20 µs a process); elsewhere `ps` is asked. */
export function processTable(): readonly ProcessRow[] {
  return process.platform === 'linux' ? procTable() : psTable()
}

function procTable(): readonly ProcessRow[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    if (!Number.isInteger(pid)) return []
    const stat = readProcStat(pid)
    if (stat === undefined) return []
    return [
      {
        pid,
        parent: stat.parent,
        group: stat.group,
        session: stat.session,
        zombie: stat.state === 'Z' || stat.state === 'X',
        cpu: stat.ticks / TICKS_A_SECOND,
        resident: 0,
      },
    ]
  })
}

function psTable(): readonly ProcessRow[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,pgid=,sess=,stat=,time=,rss='], {
    encoding: 'utf8',
    maxBuffer: 32 << 20,
  })
  return parsePsTable(text)
}

/** Parses `ps -axo pid=,ppid=,pgid=,sess=,stat=,time=,rss=`; macOS prints the session as an address, which is left out. */
export function parsePsTable(text: string): readonly ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, session, state, time, resident] = line.trim().split(/\s+/)
    if (resident === undefined) return []
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: /^[1-9]\d*$/.test(session ?? '') ? Number(session) : -1,
        zombie: state?.startsWith('Z') === true,
        cpu: parsePsTime(time ?? ''),
        resident: Number(resident) * 1024,
      },
    ]
  })
}

/** `1-02:03:04`, `02:03:04` or `3:04.05` as seconds. */
function parsePsTime(text: string): number {
  const [days, clock] = text.includes('-') ? text.split('-') : ['0', text]
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Number(days) * 86_400 + seconds
}

/** Of which processes a launch consists. */
export type TreeRoot = {
  readonly pid: number
  /** `NAME=value` of an environment variable that all of them inherit: finds those that left the session. Linux only. */
  readonly marker?: string
}

/**
 * The root's descendants, its session and its process group, and whoever carries the marker; zombies and the root itself
 * included. A child whose parent died belongs to the session still, and one that left the session carries the marker still.
 */
export function treeOf(root: TreeRoot, table: readonly ProcessRow[] = processTable()): readonly ProcessRow[] {
  const children = new Map<number, ProcessRow[]>()
  for (const row of table) {
    const siblings = children.get(row.parent)
    if (siblings === undefined) children.set(row.parent, [row])
    else siblings.push(row)
  }
  const found = new Map<number, ProcessRow>()
  const waiting = table.filter(
    (row) =>
      row.pid === root.pid ||
      row.session === root.pid ||
      row.group === root.pid ||
      (root.marker !== undefined && !row.zombie && carries(row.pid, root.marker)),
  )
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    if (found.has(row.pid) || row.pid === process.pid) continue
    found.set(row.pid, row)
    waiting.push(...(children.get(row.pid) ?? []))
  }
  return [...found.values()]
}

function carries(pid: number, marker: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0${marker}\0`)
  } catch {
    return false
  }
}

/**
 * Sends a signal to each process of the tree; how many it reached. The root's group gets it in one call, so that nobody gets it twice
 * (a second SIGINT would cut a training's own clean-up short) and no fork slips through.
 */
export function signalTree(root: TreeRoot, signal: NodeJS.Signals): number {
  const rows = treeOf(root).filter((row) => !row.zombie)
  const inGroup = rows.filter((row) => row.group === root.pid)
  if (inGroup.length > 0) send(-root.pid, signal)
  const reached = rows.filter((row) => row.group !== root.pid && send(row.pid, signal)).length
  return inGroup.length + reached
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch {
    // It ended meanwhile, or belongs to another user.
    return false
  }
}
