import type { LogLine } from '#shared/contract/launch.ts'
import { LONGEST_TERMINAL_LINE, terminalLines } from '#shared/domain/terminal-text.ts'
import { rankOf } from './rank.ts'
import type { RawLine } from './read-lines.ts'

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const ODD = /[\u0000-\u0008\u000b-\u001f\u007f]/

/** A line as a terminal would show it: escapes gone, a progress bar at its latest state. `mask` is applied to what is shown. */
export function renderLine(line: RawLine, mask: (text: string) => string): LogLine {
  const { text, bar } = shown(line)
  return {
    number: line.number,
    time: line.time,
    stream: line.stream,
    rank: rankOf(text.slice(0, 24)),
    text: mask(text),
    bar,
  }
}

function shown({ bytes, leftOut }: RawLine): { readonly text: string; readonly bar: boolean } {
  // A terminal's line ends in a return too.
  const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length
  if (leftOut === 0) return drawn(bytes.toString('utf8', 0, end))
  const redrawn = bytes.lastIndexOf(RETURN, end - 1)
  if (redrawn > 0) return { text: drawn(bytes.toString('utf8', redrawn + 1, end)).text, bar: true }
  const head = drawn(bytes.toString('utf8', 0, LONGEST_TERMINAL_LINE))
  return { ...head, text: `${head.text} … ${bytes.length + leftOut - LONGEST_TERMINAL_LINE} more bytes` }
}

const RETURN = 13

function drawn(text: string): { readonly text: string; readonly bar: boolean } {
  const bar = text.includes('\r')
  if (!ODD.test(text) && text.length <= LONGEST_TERMINAL_LINE) return { text: text.trimEnd(), bar }
  // A finished bar's cursor stands behind it; an empty last drawing would hide it.
  const [line] = terminalLines(`${text.replace(/\r+$/, '')}\n`)
  return { text: line?.text ?? '', bar }
}
