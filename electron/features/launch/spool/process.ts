import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { bootId, identify, type ProcessIdentity, readProcStat } from '#electron/platform/process/identity.ts'
import type { SpoolProcess } from './records.ts'

/** Whether the process that writes a spool file lives; `unknown` for one on another machine, or in another container. */
export type WriterState = 'alive' | 'gone' | 'unknown'

export function writerState(writer: SpoolProcess): WriterState {
  if (writer.host !== null && writer.host !== hostname()) return 'unknown'
  if (writer.boot !== null && writer.boot !== bootId()) return 'gone'
  if (writer.pid_namespace !== null && writer.pid_namespace !== ownNamespace()) return 'unknown'
  if (process.platform !== 'linux') return identify(writer.pid) === undefined ? 'gone' : 'alive'
  const stat = readProcStat(writer.pid)
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return 'gone'
  return writer.started_ticks === null || Number(stat.startTicks) === writer.started_ticks ? 'alive' : 'gone'
}

/** The writer's identity where it lives here. */
export function writerIdentity(writer: SpoolProcess): ProcessIdentity | undefined {
  return writerState(writer) === 'alive' ? identify(writer.pid) : undefined
}

function ownNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return undefined
  }
}
