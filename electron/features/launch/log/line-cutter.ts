const LINE_FEED = 10
const RETURN = 13

/** A line without an end is kept to its last part: of a progress bar only the latest drawing counts. */
const LONGEST = 64 << 10

/** Cuts portions of bytes into lines; half a line waits for its other half. */
export type LineCutter = {
  /** Takes a portion; calls back for each line that ended in it, as text, and only for those that may hold a number. */
  readonly take: (bytes: Buffer, onLine: (text: string) => void) => void
  /** The line that has not ended yet. */
  readonly rest: () => string
  /** Bytes that were taken and belong to no ended line. */
  readonly waiting: () => number
}

export function createLineCutter(): LineCutter {
  let kept: Buffer = Buffer.alloc(0)
  return {
    take(bytes, onLine) {
      let begin = 0
      for (let feed = bytes.indexOf(LINE_FEED); feed >= 0; feed = bytes.indexOf(LINE_FEED, begin)) {
        const line =
          kept.length === 0 ? bytes.subarray(begin, feed) : Buffer.concat([kept, bytes.subarray(begin, feed)])
        if (kept.length > 0) kept = Buffer.alloc(0)
        if (mayHoldNumber(line)) onLine(text(line))
        begin = feed + 1
      }
      if (begin < bytes.length) kept = lastPart(Buffer.concat([kept, bytes.subarray(begin)]))
    },
    rest: () => text(kept),
    waiting: () => kept.length,
  }
}

function text(line: Buffer): string {
  return (line.length > LONGEST ? lastPart(line) : line).toString('utf8')
}

function lastPart(line: Buffer): Buffer {
  if (line.length <= LONGEST) return line
  const tail = line.subarray(line.length - LONGEST / 2)
  const redrawn = tail.indexOf(RETURN)
  return Buffer.from(redrawn < 0 ? tail : tail.subarray(redrawn))
}

/** False for lines in which nobody prints a metric: without a digit, and without a sign between a name and a value (`loss=nan`). */
function mayHoldNumber(line: Buffer): boolean {
  for (const byte of line) if ((byte >= 48 && byte <= 58) || byte === 61) return true
  return false
}
