import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process beyond doubt: pids come round again, a pid with its start does not. */
export type ProcessIdentity = {
  readonly pid: number
  /** Linux: `<boot id>:<ticks since boot>`; elsewhere the start as `ps` words it. */
  readonly started: string
}

/** The fields of `/proc/<pid>/stat` that we use; the command between the parentheses may hold anything, so it is cut at the last one. */
export type ProcStat = {
  readonly state: string
  readonly parent: number
  readonly group: number
  readonly session: number
  /** Clock ticks of this process and of the children that it waited for. */
  readonly ticks: number
  readonly startTicks: string
}

/** Reads `/proc/<pid>/stat`; undefined when the process is gone. Fields: proc(5). */
export function readProcStat(pid: number): ProcStat | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const number = (index: number): number => Number(fields[index] ?? 0)
  return {
    state: fields[0] ?? 'X',
    parent: number(1),
    group: number(2),
    session: number(3),
    ticks: number(11) + number(12) + number(13) + number(14),
    startTicks: fields[19] ?? '0',
  }
}

/** This boot of the machine: start ticks mean nothing without it. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return 'unknown'
  }
}

/** The process that has this pid now; undefined when there is none, or only its zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  if (process.platform === 'linux') {
    const stat = readProcStat(pid)
    if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined
    return { pid, started: `${bootId()}:${stat.startTicks}` }
  }
  try {
    const [state = '', ...started] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/)
    return state === '' || state.startsWith('Z') ? undefined : { pid, started: started.join(' ') }
  } catch {
    return undefined
  }
}

/** True while that very process lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started
}
