/** The bytes of a file that are asked for, both ends among them. */
export type ByteRange = { readonly start: number; readonly end: number }

/**
 * What a `Range` header asks of a file of `size` bytes: one range; 'whole' for none, several, and what is no range of bytes, all of which a
 * server may answer with the file (RFC 9110, 14.2); 'beyond' where nothing of the file lies in it.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | 'whole' | 'beyond' {
  const [, first, last, tail] = /^\s*bytes\s*=\s*(?:(\d+)\s*-\s*(\d*)|-\s*(\d+))\s*$/i.exec(header ?? '') ?? []
  if (tail !== undefined) {
    const length = Math.min(Number(tail), size)
    return length === 0 ? 'beyond' : { start: size - length, end: size - 1 }
  }
  if (first === undefined) return 'whole'
  const start = Number(first)
  const end = last === undefined || last === '' ? Infinity : Number(last)
  if (end < start) return 'whole'
  return start >= size ? 'beyond' : { start, end: Math.min(end, size - 1) }
}
