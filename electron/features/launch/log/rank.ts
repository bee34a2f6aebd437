/**
 * How launchers of several processes mark whose line it is: torchrun `[rank0]:` (PyTorch's own errors) and `[default0]:` (its role, with `--tee`),
 * accelerate and others `[RANK 0]`, `[rank: 0]`.
 */
const PREFIX = /^\[(?:local_)?(?:rank|default|trainer|worker)[ :_-]{0,2}(\d{1,5})\]:?/i

/** The rank that a line's first characters name; null for none. */
export function rankOf(head: string): number | null {
  const found = PREFIX.exec(head)?.[1]
  return found === undefined ? null : Number(found)
}

/** A line without the mark of its rank. */
export function withoutRank(line: string): string {
  const mark = PREFIX.exec(line.slice(0, 32))?.[0]
  return mark === undefined ? line : line.slice(mark.length).trimStart()
}
