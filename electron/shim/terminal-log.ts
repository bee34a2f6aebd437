import { appendFileSync, closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import type { WorkFolder } from './work-folder.ts'

export type TerminalLog = {
  readonly out: (bytes: Uint8Array) => void
  readonly err: (bytes: Uint8Array) => void
  readonly close: () => void
}

/** Milliseconds between two notes of the time. */
const EVERY = 20

/**
 * The log files of a command whose output passes through us: bytes are written before they are shown, with the same notes of time and order
 * as the shim's. A full disk, or a folder that can't be
 * written, silences the log and never the command.
 */
export function openTerminalLog(work: WorkFolder): TerminalLog {
  try {
    mkdirSync(work.capture, { recursive: true, mode: 0o700 })
    const files = { out: openSync(work.out, 'a', 0o600), err: openSync(work.err, 'a', 0o600) }
    return writingLog(files, openSync(work.times, 'a', 0o600))
  } catch {
    return { out: () => {}, err: () => {}, close: () => {} }
  }
}

function writingLog(files: { readonly out: number; readonly err: number }, times: number): TerminalLog {
  const size = { out: 0, err: 0 }
  let last: 'out' | 'err' = 'out'
  let notedAt = 0
  let dirty = false
  const note = (): void => {
    if (!dirty) return
    dirty = false
    notedAt = Date.now()
    quietly(() => appendFileSync(times, `${notedAt} ${size.out} ${size.err}\n`))
  }
  const write =
    (stream: 'out' | 'err') =>
    (bytes: Uint8Array): void => {
      // Passing from one stream to the other is noted at once: that is their order.
      if (stream !== last || Date.now() - notedAt >= EVERY) note()
      last = stream
      quietly(() => {
        for (let written = 0; written < bytes.length;) {
          const count = writeSync(files[stream], bytes, written)
          written += count
          size[stream] += count
        }
      })
      dirty = true
      if (Date.now() - notedAt >= EVERY) note()
    }
  const timer = setInterval(note, EVERY)
  timer.unref()
  return {
    out: write('out'),
    err: write('err'),
    close() {
      clearInterval(timer)
      note()
      for (const handle of [files.out, files.err, times]) closeSync(handle)
    },
  }
}

/** For what must not stop a command: a full disk, a folder that was deleted. */
export function quietly(work: () => void): void {
  try {
    work()
  } catch {
    // Nobody needs to know.
  }
}
