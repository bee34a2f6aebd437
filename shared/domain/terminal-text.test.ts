import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stripEscapes } from './control-characters.ts'
import { PLAIN_STYLE } from './terminal-style.ts'
import {
  EMPTY_TERMINAL_STATE,
  LONGEST_TERMINAL_LINE,
  openTerminalLine,
  readTerminalText,
  terminalLines,
} from './terminal-text.ts'

const ESC = '\u001b'
const texts = (raw: string) => terminalLines(raw).map(({ text }) => text)

test('a progress bar that draws over itself is one line', () => {
  const bar = '\r  0%|          | 0/3\r 33%|███▎      | 1/3\r100%|██████████| 3/3 [00:00<00:00]\ndone\n'
  expect(texts(bar)).toEqual(['100%|██████████| 3/3 [00:00<00:00]', 'done'])
  expect(texts('long line that stays\rshort\n')).toEqual(['shortline that stays'])
  expect(texts(`long line that goes\r${ESC}[Kshort\n`)).toEqual(['short'])
  expect(texts(`50%${ESC}[2K\r100%\n`)).toEqual(['100%'])
  expect(texts('538ms\b\b\b\b\b24ms \n')).toEqual(['24ms'])
  expect(texts(`abc${ESC}[2D-${ESC}[1Gx${ESC}[6Cz\n`)).toEqual(['x-c    z'])
})

test('line ends of Windows, empty lines and an open last line', () => {
  expect(texts('a\r\n\r\nb\nc')).toEqual(['a', '', 'b', 'c'])
  expect(texts('')).toEqual([])
})

test('styles are kept as spans', () => {
  const red = { ...PLAIN_STYLE, bold: true, foreground: 1 }
  const green = { ...PLAIN_STYLE, foreground: 10, background: 4 }
  expect(terminalLines(`a ${ESC}[1;31mred${ESC}[0m b ${ESC}[92;44mgreen${ESC}[39;49m 🙂\n`)).toEqual([
    {
      text: 'a red b green 🙂',
      spans: [
        { from: 2, to: 5, style: red },
        { from: 8, to: 13, style: green },
      ],
    },
  ])
  expect(terminalLines(`${ESC}[38;5;9mx${ESC}[38;2;1;2;3my${ESC}[m\n`)[0]?.spans).toEqual([
    { from: 0, to: 1, style: { ...PLAIN_STYLE, foreground: 9 } },
  ])
})

test('a style goes on over lines', () => {
  expect(terminalLines(`${ESC}[31ma\nb${ESC}[0m\nc`).map(({ spans }) => spans.length)).toEqual([1, 1, 0])
})

test('titles, links, bells and unknown sequences are gone; other control characters show as such', () => {
  expect(texts(`${ESC}]0;title\u0007a${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\${ESC}(B${ESC}=\u0007\n`)).toEqual(
    ['alink'],
  )
  expect(texts('a\u0000b\u007f\n')).toEqual(['a\ufffdb\ufffd'])
  expect(stripEscapes(`${ESC}[1ma${ESC}[0m${ESC}]0;t\u0007b`)).toBe('ab')
})

test('the open line shows a bar while it is drawn', () => {
  const { state, lines } = readTerminalText(EMPTY_TERMINAL_STATE, 'x\n\r 33%|███\r 67%|██████')
  expect(lines.map(({ text }) => text)).toEqual(['x'])
  expect(openTerminalLine(state).text).toBe(' 67%|██████')
})

test('endless lines are cut and counted, endless bars cost nothing', () => {
  const [line] = terminalLines('x'.repeat(LONGEST_TERMINAL_LINE + 5) + '\n')
  expect(line?.text).toBe(`${'x'.repeat(LONGEST_TERMINAL_LINE)} … 5 more characters`)
  let state = EMPTY_TERMINAL_STATE
  for (let index = 0; index < 2_000; index += 1) state = readTerminalText(state, `\r${index}% of all`.repeat(10)).state
  expect(state.cells.length).toBeLessThan(20)
  expect(readTerminalText(EMPTY_TERMINAL_STATE, ESC.repeat(200_000)).state.pending.length).toBeLessThan(2_048)
  expect(readTerminalText(EMPTY_TERMINAL_STATE, `${ESC}[`.repeat(100_000)).state.pending.length).toBeLessThan(2_048)
})

test('pieces may be cut anywhere', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\n',
      '\r',
      '\r\n',
      '\b',
      `${ESC}[1;31m`,
      `${ESC}[0m`,
      `${ESC}[K`,
      `${ESC}]0;t\u0007`,
      `${ESC}[2K`,
      '🙂',
      '\t',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  const raw = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(raw, fc.array(fc.nat(80), { maxLength: 6 }), (text, cuts) => {
      const places = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].sort((a, b) => a - b)
      let state = EMPTY_TERMINAL_STATE
      const lines: unknown[] = []
      for (const [index, from] of places.entries()) {
        const next = readTerminalText(state, text.slice(from, places[index + 1] ?? text.length))
        state = next.state
        lines.push(...next.lines)
      }
      const whole = readTerminalText(EMPTY_TERMINAL_STATE, text)
      expect(lines).toEqual(whole.lines)
      expect(openTerminalLine(state)).toEqual(openTerminalLine(whole.state))
    }),
    { numRuns: 1000 },
  )
})
