import { statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Stream } from './scan-lines.ts'
import type { TimeEntries } from './time-entries.ts'

export type LogFiles = { readonly out: string; readonly err: string; readonly times: string }

export const PORTION = 1 << 20

/** Notes to the end of the files, for a log to which nothing is added. */
export function withRest(entries: TimeEntries, files: LogFiles): TimeEntries {
  const out = sizeOf(files.out)
  const err = sizeOf(files.err)
  const last = entries.length - 1
  if ((entries.out[last] ?? 0) >= out && (entries.err[last] ?? 0) >= err) return entries
  const grow = (column: Float64Array, value: number): Float64Array => {
    const longer = new Float64Array(entries.length + 1)
    longer.set(column.subarray(0, entries.length))
    longer[entries.length] = Math.max(value, column[last] ?? 0)
    return longer
  }
  return {
    length: entries.length + 1,
    time: grow(entries.time, Math.max(modifiedAt(files.out), modifiedAt(files.err))),
    out: grow(entries.out, out),
    err: grow(entries.err, err),
  }
}

/** Where a reading stands: the entry of the time index, and the bytes read of each stream. */
export type Reading = {
  readonly entry: number
  readonly out: { readonly offset: number }
  readonly err: { readonly offset: number }
}

/**
 * Reads on from where `from` stands, in the order of the notes, a megabyte at a time by default. `visit` answers true to stop; `passed` hears of each
 * entry that is read to its end. A file that is not there is empty.
 */
export async function eachPortion(
  files: LogFiles,
  from: Reading,
  entries: TimeEntries,
  visit: (stream: Stream, bytes: Buffer) => boolean,
  passed: (entry: number) => void = () => {},
  portionSize = PORTION,
): Promise<void> {
  const handles: Partial<Record<Stream, FileHandle>> = {}
  const offsets = { out: from.out.offset, err: from.err.offset }
  const buffers = { out: Buffer.allocUnsafe(0), err: Buffer.allocUnsafe(0) }
  const bufferAt = { out: 0, err: 0 }
  const pull = async (stream: Stream, end: number): Promise<Buffer> => {
    const at = offsets[stream]
    const inside = at - bufferAt[stream]
    if (inside >= 0 && inside < buffers[stream].length) {
      return buffers[stream].subarray(inside, Math.min(buffers[stream].length, inside + end - at))
    }
    const handle = (handles[stream] ??= await open(files[stream], 'r'))
    const limit = (entries[stream][entries.length - 1] ?? 0) - at
    const portion = Buffer.allocUnsafe(Math.min(portionSize, Math.max(0, limit)))
    const { bytesRead } = await handle.read(portion, 0, portion.length, at)
    buffers[stream] = portion.subarray(0, bytesRead)
    bufferAt[stream] = at
    return buffers[stream].subarray(0, Math.min(bytesRead, end - at))
  }
  try {
    for (let entry = from.entry; entry < entries.length; entry++) {
      for (const stream of ['out', 'err'] as const) {
        const end = entries[stream][entry] ?? 0
        while (offsets[stream] < end) {
          const bytes = await pull(stream, end)
          // The file is shorter than was noted: it was truncated from outside.
          if (bytes.length === 0) break
          offsets[stream] += bytes.length
          if (visit(stream, bytes)) return
        }
      }
      passed(entry)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  } finally {
    await handles.out?.close()
    await handles.err?.close()
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function modifiedAt(file: string): number {
  return Math.round(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
}
