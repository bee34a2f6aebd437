import { readFileSync } from 'node:fs'
import type { ProcessRow } from './table.ts'

/** What a tree of processes uses; processor time and bytes are totals since its start, so two readings make a rate. */
export type Usage = {
  readonly processes: number
  /** Seconds of processor time. */
  readonly cpu: number
  /** Resident memory in bytes, summed: pages that processes share count once for each. */
  readonly resident: number
  /** Bytes read from and written to disks; null where the system does not tell. */
  readonly read: number | null
  readonly written: number | null
}

/** Adds up a tree. Linux counts a child's time and bytes towards its parent once the child was waited for, so ended workers stay counted. */
export function usageOf(tree: readonly ProcessRow[]): Usage {
  const live = tree.filter((row) => !row.zombie)
  const onLinux = process.platform === 'linux'
  const bytes = onLinux ? live.map((row) => readIo(row.pid)) : []
  return {
    processes: live.length,
    cpu: tree.reduce((sum, row) => sum + row.cpu, 0),
    resident: live.reduce((sum, row) => sum + (onLinux ? residentOf(row.pid) : row.resident), 0),
    read: onLinux ? bytes.reduce((sum, io) => sum + io.read, 0) : null,
    written: onLinux ? bytes.reduce((sum, io) => sum + io.written, 0) : null,
  }
}

function residentOf(pid: number): number {
  const kilobytes = /^VmRSS:\s*(\d+) kB/m.exec(readText(`/proc/${pid}/status`))?.[1]
  return Number(kilobytes ?? 0) * 1024
}

function readIo(pid: number): { readonly read: number; readonly written: number } {
  const text = readText(`/proc/${pid}/io`)
  return {
    read: Number(/^read_bytes: (\d+)/m.exec(text)?.[1] ?? 0),
    written: Number(/^write_bytes: (\d+)/m.exec(text)?.[1] ?? 0),
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
