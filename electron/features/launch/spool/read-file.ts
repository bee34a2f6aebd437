import { open } from 'node:fs/promises'
import { parseRecord, type SpoolRecord } from './records.ts'

/** Follows one spool file. */
export type SpoolFile = {
  /** The next records, at most about 4 MB of them; `more` says that there are others at once. */
  readonly next: () => Promise<{ readonly records: readonly SpoolRecord[]; readonly more: boolean }>
  /** Lines that could not be read. */
  readonly damaged: () => number
}

const PORTION = 4 << 20
/** No record is longer; a longer line is passed over. */
const LONGEST_LINE = 16 << 20

/** Reads whole lines; what follows the last line feed waits. A file that is gone, or was begun anew, is read from its beginning. */
export function openSpoolFile(path: string): SpoolFile {
  let offset = 0
  let damaged = 0
  let portion = PORTION
  return {
    damaged: () => damaged,
    async next() {
      const handle = await open(path, 'r').catch(() => undefined)
      if (handle === undefined) return { records: [], more: false }
      try {
        if ((await handle.stat()).size < offset) offset = 0
        const buffer = Buffer.allocUnsafe(portion)
        const { bytesRead } = await handle.read(buffer, 0, portion, offset)
        const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1
        if (end === 0) return longLine(bytesRead)
        offset += end
        portion = PORTION
        return { records: parse(buffer.toString('utf8', 0, end)), more: bytesRead === buffer.length }
      } finally {
        await handle.close()
      }
    },
  }

  function longLine(bytesRead: number): { readonly records: readonly SpoolRecord[]; readonly more: boolean } {
    if (bytesRead < portion) return { records: [], more: false }
    if (portion < LONGEST_LINE) portion *= 2
    else {
      offset += bytesRead
      damaged++
    }
    return { records: [], more: true }
  }

  function parse(text: string): readonly SpoolRecord[] {
    return text.split('\n').flatMap((line) => {
      if (line.trim() === '') return []
      const record = parseRecord(line)
      if (record === undefined) damaged++
      return record === undefined ? [] : [record]
    })
  }
}
