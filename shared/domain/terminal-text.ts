import { applySgr, isPlainStyle, PLAIN_STYLE, type TerminalStyle } from './terminal-style.ts'

/** A stretch of a line that is not set plainly: UTF-16 offsets, `to` exclusive. */
export interface TerminalSpan {
  readonly from: number
  readonly to: number
  readonly style: TerminalStyle
}

/** A line as a terminal would show it: progress bars drawn over themselves are one line, escape sequences are gone. */
export interface TerminalLine {
  readonly text: string
  readonly spans: readonly TerminalSpan[]
}

/** The line that is still open, with the cursor in it. Never changed in place. */
export interface TerminalState {
  readonly cells: readonly string[]
  readonly styles: readonly TerminalStyle[]
  readonly column: number
  readonly style: TerminalStyle
  /** Characters that did not fit. */
  readonly dropped: number
  /** The start of an escape sequence, or half of a character, that the next piece completes. */
  readonly pending: string
}

export const EMPTY_TERMINAL_STATE: TerminalState = {
  cells: [],
  styles: [],
  column: 0,
  style: PLAIN_STYLE,
  dropped: 0,
  pending: '',
}

/** Characters that a line shows; the rest is counted. */
export const LONGEST_TERMINAL_LINE = 16_384

const LONGEST_ESCAPE = 2_048

interface Screen {
  cells: string[]
  styles: TerminalStyle[]
  column: number
  style: TerminalStyle
  dropped: number
  readonly lines: TerminalLine[]
}

/**
 * Takes the next piece of a raw output and gives the lines that it ends.
 *
 * Carriage return, backspace and the erasing of lines act as in a terminal; the six commonest styles and sixteen colours
 * are kept. Pieces may be cut anywhere, also inside an escape sequence. Linear in the piece; lines are bounded.
 */
export function readTerminalText(
  state: TerminalState,
  piece: string,
): { readonly state: TerminalState; readonly lines: readonly TerminalLine[] } {
  const text = state.pending + piece
  const screen: Screen = {
    cells: [...state.cells],
    styles: [...state.styles],
    column: state.column,
    style: state.style,
    dropped: state.dropped,
    lines: [],
  }
  let at = 0
  while (at < text.length) {
    const used = step(screen, text, at)
    if (used === 0) break
    at += used
  }
  const { cells, styles, column, style, dropped, lines } = screen
  return { state: { cells, styles, column, style, dropped, pending: text.slice(at) }, lines }
}

/** The line that is still open, as it shows now: a progress bar that is being drawn, a prompt. */
export function openTerminalLine(state: TerminalState): TerminalLine {
  return lineOf(state.cells, state.styles, state.dropped)
}

/** All lines of a whole text, the last one also without its line feed. */
export function terminalLines(text: string): readonly TerminalLine[] {
  const { state, lines } = readTerminalText(EMPTY_TERMINAL_STATE, text)
  const open = openTerminalLine(state)
  return open.text === '' ? lines : [...lines, open]
}

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const PRINTABLE = /[^\u0000-\u001f\u007f\ud800-\udfff]+/y

/** Handles what stands at `at`; 0 when the piece ends inside of it. */
function step(screen: Screen, text: string, at: number): number {
  PRINTABLE.lastIndex = at
  const run = PRINTABLE.exec(text)?.[0]
  if (run !== undefined) {
    printRun(screen, text, at, run)
    return run.length
  }
  const character = text.charAt(at)
  switch (character) {
    case '\n':
      endLine(screen)
      return 1
    case '\r':
      screen.column = 0
      return 1
    case '\b':
      screen.column = Math.max(0, screen.column - 1)
      return 1
    case '\u001b':
      return escape(screen, text, at)
    case '\t':
      printCell(screen, '\t')
      return 1
    default:
      return printOdd(screen, text, at)
  }
}

/** Whole lines without anything odd are by far the most, and need no cells. */
function printRun(screen: Screen, text: string, at: number, run: string): void {
  const plain = screen.cells.length === 0 && isPlainStyle(screen.style) && screen.dropped === 0 && screen.column === 0
  if (plain && run.length <= LONGEST_TERMINAL_LINE && text.charAt(at + run.length) === '\n') {
    screen.cells = [run]
    screen.styles = [PLAIN_STYLE]
    return
  }
  for (let index = 0; index < run.length; index += 1) printCell(screen, run.charAt(index))
}

/**
 * Other control characters are drawn as the sign for what cannot be shown, and halves of characters wait for theirs.
 * Units rather than `codePointAt`: in Node 24.21 that gives half of a pair once V8's Maglev has compiled this function.
 */
function printOdd(screen: Screen, text: string, at: number): number {
  const unit = text.charCodeAt(at)
  if (isHighSurrogate(unit)) {
    if (at + 1 === text.length) return 0
    if (isLowSurrogate(text.charCodeAt(at + 1))) {
      printCell(screen, text.slice(at, at + 2))
      return 2
    }
  }
  if (unit !== 0x07) printCell(screen, '\ufffd')
  return 1
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

function printCell(screen: Screen, cell: string): void {
  if (screen.column >= LONGEST_TERMINAL_LINE) {
    screen.dropped += 1
    return
  }
  while (screen.cells.length < screen.column) pushCell(screen, ' ', PLAIN_STYLE)
  screen.cells[screen.column] = cell
  screen.styles[screen.column] = screen.style
  screen.column += 1
}

function pushCell(screen: Screen, cell: string, style: TerminalStyle): void {
  screen.cells.push(cell)
  screen.styles.push(style)
}

function endLine(screen: Screen): void {
  screen.lines.push(lineOf(screen.cells, screen.styles, screen.dropped))
  screen.cells = []
  screen.styles = []
  screen.column = 0
  screen.dropped = 0
}

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const CSI = /\u001b\[([0-9:;<=>?]{0,64})[ -/]{0,8}([@-~])/y
const OTHER =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /\u001b(?:\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)|[PX^_][^\u001b]{0,2000}\u001b\\|[ -/]{0,8}[0-OQ-WYZ\\`-~])/y

function escape(screen: Screen, text: string, at: number): number {
  CSI.lastIndex = at
  const csi = CSI.exec(text)
  if (csi !== null) {
    control(screen, csi[1] ?? '', csi[2] ?? '')
    return csi[0].length
  }
  OTHER.lastIndex = at
  const other = OTHER.exec(text)
  if (other !== null) return other[0].length
  // Unfinished at the end of the piece: wait. Longer than any sequence: the escape character stands for nothing.
  return text.length - at < LONGEST_ESCAPE && isOpenEscape(text, at) ? 0 : 1
}

const OPEN_ESCAPE =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /\u001b(?:\[[0-9:;<=>?]{0,64}[ -/]{0,8}|\][^\u0007\u001b]{0,2000}\u001b?|[PX^_][^\u001b]{0,2000}\u001b?|[ -/]{0,8})$/y

function isOpenEscape(text: string, at: number): boolean {
  OPEN_ESCAPE.lastIndex = at
  return OPEN_ESCAPE.test(text)
}

function control(screen: Screen, parameters: string, final: string): void {
  const count = Math.min(Math.max(1, Number(/^\d+/.exec(parameters)?.[0] ?? 1)), LONGEST_TERMINAL_LINE)
  switch (final) {
    case 'm':
      screen.style = applySgr(screen.style, parameters)
      break
    case 'K':
      erase(screen, parameters)
      break
    case 'C':
      screen.column = Math.min(screen.column + count, LONGEST_TERMINAL_LINE)
      break
    case 'D':
      screen.column = Math.max(0, screen.column - count)
      break
    case 'G':
      screen.column = count - 1
      break
    default:
      break
  }
}

function erase(screen: Screen, parameters: string): void {
  const { cells, column } = screen
  if (parameters === '2') {
    screen.cells = []
    screen.styles = []
    screen.dropped = 0
  } else if (parameters === '1') {
    for (let index = 0; index <= column && index < cells.length; index += 1) {
      cells[index] = ' '
      screen.styles[index] = PLAIN_STYLE
    }
  } else {
    cells.length = Math.min(cells.length, column)
    screen.styles.length = cells.length
  }
}

function lineOf(cells: readonly string[], styles: readonly TerminalStyle[], dropped: number): TerminalLine {
  const spans: TerminalSpan[] = []
  let from = 0
  let at = 0
  for (let index = 0; index < cells.length; index += 1) {
    const style = styles[index] ?? PLAIN_STYLE
    at += cells[index]?.length ?? 0
    if (styles[index + 1] === style && index + 1 < cells.length) continue
    if (!isPlainStyle(style)) spans.push({ from, to: at, style })
    from = at
  }
  const text = cells.join('').trimEnd()
  const more = dropped === 0 ? '' : ` … ${dropped} more characters`
  return {
    text: text + more,
    spans: spans.filter((span) => span.from < text.length).map((span) => cut(span, text.length)),
  }
}

function cut(span: TerminalSpan, length: number): TerminalSpan {
  return span.to <= length ? span : { ...span, to: length }
}
