/**
 * Cuts a long name in its middle, so that both its start and its tail (where names differ) show.
 *
 * @param maximum the most characters to return, the ellipsis included; the tail gets the larger half.
 *   Counted in code points, and no surrogate pair is split.
 */
export function truncateMiddle(text: string, maximum: number): string {
  if (text.length <= maximum) return text
  const points = Array.from(text)
  if (points.length <= maximum) return text
  if (maximum <= 0) return ''
  if (maximum === 1) return '…'
  const head = Math.floor((maximum - 1) / 2)
  const tail = maximum - 1 - head
  return `${points.slice(0, head).join('')}…${points.slice(points.length - tail).join('')}`
}
