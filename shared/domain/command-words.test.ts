import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { joinCommand, splitCommand } from './command-words.ts'

const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))

it('words survive', () => {
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(splitCommand(joinCommand(words))).toEqual({ words, open: false })
    }),
  )
})

it('a shell splits alike', () => {
  for (const text of [`python train.py --name 'a b' --x="c \\"d\\"" e\\ f`, `a 'it'\\''s' "" b`, `x=1 'multi\nline'`]) {
    const shell = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${text}`], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1)
    expect(splitCommand(text).words).toEqual(shell)
  }
})

it('says that a quote is open', () => {
  expect(splitCommand(`python 'train`)).toEqual({ words: ['python', 'train'], open: true })
})
