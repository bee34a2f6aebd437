import fc from 'fast-check'
import { expect, it } from 'vitest'
import { markdownWords } from './markdown-words.ts'

/** Names as there are in code, whose signs are none of markdown's. */
const NAME = fc.string({ unit: fc.constantFrom('a', 'b', 'ß', '_', '0'), maxLength: 8 }).map((middle) => `x${middle}x`)

it.each([
  [
    '# Who leaves\n\nTrained on **contracts**, see [the card](https://x.org/a_b) and `features.py`.',
    'Who leaves Trained on contracts, see the card and features.py.',
  ],
  ['- one\n* two\n3. three\n- [x] done\n> said', 'one two three done said'],
  ['| a | b |\n|---|:-:|\n| 1 | 2 |', 'a, b 1, 2'],
  ['Title\n=====\n\n---\n```python\nx = 1\n```', 'Title x = 1'],
  ['![roc](http://x/roc.png) *really* __so__ ~~not~~', 'roc really so not'],
  ['val_auc and snake_case_name, 2 * 3 * 4, a*b*c, 5 | 6', 'val_auc and snake_case_name, 2 * 3 * 4, a*b*c, 5, 6'],
  ['plain words', 'plain words'],
  ['', ''],
])('%j reads %j', (text, words) => expect(markdownWords(text)).toBe(words))

it('takes any text, makes one line of it, and leaves plain words alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(markdownWords(text)).not.toMatch(/\r?\n/)
    }),
  )
  fc.assert(
    fc.property(fc.array(NAME, { minLength: 1, maxLength: 20 }), (words) => {
      const text = words.join(' ')
      expect(markdownWords(text)).toBe(text)
    }),
  )
})

it('is not slowed down by signs without end', () => {
  for (const sign of ['*', '_', '`', '[', '|', '#', '![](', '-- ', '~~'])
    expect(markdownWords(sign.repeat(100_000)).length).toBeLessThan(3_000)
})
