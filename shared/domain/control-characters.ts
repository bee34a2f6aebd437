/**
 * Escape sequences of terminals: CSI (colours, cursor), OSC (titles, links), and the short ones.
 *
 * Every part is bounded, so a text of escape characters alone costs no more than its length.
 */
const ESCAPE =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /\u001b(?:\[[0-9:;<=>?]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\)|[PX^_][^\u001b]{0,2048}\u001b\\|[ -/]{0,8}[0-~])/g

/** Removes escape sequences (colours, cursor movements, titles, links). */
export function stripEscapes(text: string): string {
  return text.includes('\u001b') ? text.replace(ESCAPE, '') : text
}
