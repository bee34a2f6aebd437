/**
 * Moves labels apart until they stand at least `gap` apart, as little as possible and in their order: the positions
 * nearest to the wanted ones, by least squares (pool adjacent violators), then held between `low` and `high`.
 * @param wanted positions in any order
 * @returns positions in the same order; when there is no room for all, they stand from `low` on at `gap`
 */
export const spreadLabels = (wanted: readonly number[], gap: number, low: number, high: number): readonly number[] => {
  const order = wanted.map((_, at) => at).toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
  // Taking off what each label must at least be moved turns "apart" into "not descending".
  const blocks: { sum: number; count: number }[] = []
  order.forEach((index, rank) => {
    blocks.push({ sum: (wanted[index] ?? 0) - rank * gap, count: 1 })
    for (let last = blocks.length - 1; last > 0; last--) {
      const [before, now] = [blocks[last - 1], blocks[last]]
      if (before === undefined || now === undefined || before.sum / before.count <= now.sum / now.count) break
      blocks.splice(last - 1, 2, { sum: before.sum + now.sum, count: before.count + now.count })
    }
  })
  const placed = blocks.flatMap((block) => Array.from({ length: block.count }, () => block.sum / block.count))
  const room = high - (order.length - 1) * gap
  const out = new Array<number>(wanted.length)
  order.forEach((index, rank) => {
    out[index] = Math.max(low, Math.min(placed[rank] ?? 0, Math.max(low, room))) + rank * gap
  })
  return out
}
