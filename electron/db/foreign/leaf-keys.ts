import { closeSync, openSync, readSync } from 'node:fs'

const INTERIOR = 5
/** Of the file's header, and then of each page's. https://www.sqlite.org/fileformat.html#b_tree_pages */
const FILE_HEADER = 100
const PAGE_HEADER = 12
/** No tree is deeper. */
const DEEPEST = 20

/**
 * The highest row number that each page of a table's rows may hold, ascending, but for the last page: read from the pages above them, so that one can step
 * over a page that SQLite refuses. A damaged page higher up counts as one page of rows. At most `most` of them.
 */
export function leafKeys(file: string, root: number, most = 5_000_000): readonly bigint[] {
  const handle = openSync(file, 'r')
  try {
    const head = Buffer.alloc(FILE_HEADER)
    readSync(handle, head, 0, FILE_HEADER, 0)
    const size = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16)
    if (size < 512) return []
    const keys: bigint[] = []
    const seen = new Set<number>()
    const page = Buffer.alloc(size)
    const visit = (number: number, depth: number): void => {
      if (number < 1 || depth > DEEPEST || seen.has(number) || keys.length >= most) return
      seen.add(number)
      if (readSync(handle, page, 0, size, (number - 1) * size) < size) return
      const cells = interiorCells(page, number === 1 ? FILE_HEADER : 0)
      if (cells === undefined) return
      const last = page.readUInt32BE((number === 1 ? FILE_HEADER : 0) + 8)
      for (const { child, key } of cells) {
        visit(child, depth + 1)
        keys.push(key)
      }
      visit(last, depth + 1)
    }
    visit(root, 0)
    // Damage may have put them out of order.
    return keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  } finally {
    closeSync(handle)
  }
}

type InteriorCell = { readonly child: number; readonly key: bigint }

function interiorCells(page: Buffer, start: number): readonly InteriorCell[] | undefined {
  if (page[start] !== INTERIOR) return undefined
  const count = page.readUInt16BE(start + 3)
  if (start + PAGE_HEADER + 2 * count > page.length) return undefined
  const cells: InteriorCell[] = []
  for (let index = 0; index < count; index++) {
    const at = page.readUInt16BE(start + PAGE_HEADER + 2 * index)
    if (at + 5 > page.length) return undefined
    cells.push({ child: page.readUInt32BE(at), key: varint(page, at + 4) })
  }
  return cells
}

/** SQLite's number of one to nine bytes: seven bits of each of the first eight, all of the ninth. */
function varint(bytes: Buffer, at: number): bigint {
  let value = 0n
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index] ?? 0
    value = (value << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80) return value
  }
  return BigInt.asIntN(64, (value << 8n) | BigInt(bytes[at + 8] ?? 0))
}
