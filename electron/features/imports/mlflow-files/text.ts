import { isUtf8 } from 'node:buffer'

/** A text, and what had to be changed to read it, in words; null when nothing had to. */
export type Decoded = { readonly text: string; readonly changed: string | null }

/**
 * Reads bytes as UTF-8, which MLflow writes. What other programs leave behind is read too: UTF-16 by its mark, a byte order mark, NUL bytes that a
 * crash left, and anything else as Windows-1252. Never throws.
 */
export function decodeText(bytes: Buffer): Decoded {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: bytes.subarray(2).toString('utf16le').replaceAll('\0', ''), changed: 'it is UTF-16' }
  }
  const changes: string[] = []
  const unmarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
  if (unmarked !== bytes) changes.push('it begins with a byte order mark, which was left out')
  const known = isUtf8(unmarked)
  if (!known) changes.push('it is not UTF-8, and was read as Windows-1252')
  const text = known ? unmarked.toString('utf8') : new TextDecoder('windows-1252').decode(unmarked)
  if (!unmarked.includes(0)) return { text, changed: changes.length === 0 ? null : changes.join('; ') }
  return { text: text.replaceAll('\0', ''), changed: [...changes, 'NUL bytes in it were left out'].join('; ') }
}
