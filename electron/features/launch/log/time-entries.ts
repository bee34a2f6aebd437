import { open } from 'node:fs/promises'

/** The notes of when the log files grew; each column has `length` valid numbers. See `electron/shim/time-index.ts`. */
export type TimeEntries = {
  readonly length: number
  readonly time: Float64Array
  /** Bytes of each file at that time. */
  readonly out: Float64Array
  readonly err: Float64Array
}

export type TimeReader = {
  readonly entries: () => TimeEntries
  /** Takes up what was noted since. */
  readonly refresh: () => Promise<void>
}

const PORTION = 1 << 20

/** Follows a `times.log`. Half a last line waits for its other half; damaged ones are passed over, and sizes never shrink. */
export function followTimes(file: string): TimeReader {
  let length = 0
  let time = new Float64Array(256)
  let out = new Float64Array(256)
  let err = new Float64Array(256)
  let offset = 0
  let rest = ''

  const add = (at: number, outEnd: number, errEnd: number): void => {
    if (length === time.length) [time, out, err] = [grown(time), grown(out), grown(err)]
    const before = length - 1
    time[length] = at
    out[length] = Math.max(outEnd, before < 0 ? 0 : (out[before] ?? 0))
    err[length] = Math.max(errEnd, before < 0 ? 0 : (err[before] ?? 0))
    length++
  }

  return {
    entries: () => ({ length, time, out, err }),
    async refresh() {
      const handle = await open(file, 'r').catch(() => undefined)
      if (handle === undefined) return
      try {
        const buffer = Buffer.allocUnsafe(PORTION)
        for (;;) {
          const { bytesRead } = await handle.read(buffer, 0, PORTION, offset)
          if (bytesRead === 0) return
          offset += bytesRead
          const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n')
          rest = lines.pop() ?? ''
          for (const line of lines) {
            const [at, outEnd, errEnd] = line.split(' ').map(Number)
            if (
              at !== undefined &&
              outEnd !== undefined &&
              errEnd !== undefined &&
              Number.isFinite(at + outEnd + errEnd)
            )
              add(at, outEnd, errEnd)
          }
        }
      } finally {
        await handle.close()
      }
    },
  }
}

/** The first entry by which the byte at `offset` of a stream was there; `length` when none says so. */
export function entryOf(entries: TimeEntries, stream: 'out' | 'err', offset: number): number {
  const ends = entries[stream]
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ends[middle] ?? 0) > offset) high = middle
    else low = middle + 1
  }
  return low
}

function grown(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2)
  larger.set(column)
  return larger
}
