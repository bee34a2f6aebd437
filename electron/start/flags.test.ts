import { expect, test } from 'vitest'
import { parseFlags } from './flags.ts'

const NONE = { face: null, host: null, port: null, project: null, help: false }

test.each([
  [[], NONE],
  [['--browser'], { ...NONE, face: 'browser' }],
  [['--desktop', '--project', '../churn'], { ...NONE, face: 'desktop', project: '/home/churn' }],
  [['--port', '0'], { ...NONE, face: 'browser', port: 0 }],
  [['--host=0.0.0.0', '--port=6000'], { ...NONE, face: 'browser', host: '0.0.0.0', port: 6000 }],
  [['--project', '/data/ñ 漢'], { ...NONE, project: '/data/ñ 漢' }],
  [['-h'], { ...NONE, help: true }],
])('%j', (words, flags) => {
  expect(parseFlags(words, '/home/ann')).toEqual(flags)
})

test.each([
  [['--desktop', '--browser'], 'exclude each other'],
  [['--desktop', '--port', '1'], 'belong to the browser'],
  [['--port', '65536'], '--port takes a number from 0 to 65535, not "65536"'],
  [['--port', '50x'], 'not "50x"'],
  [['--port', ''], 'not ""'],
  [['--host', ''], '--host takes an address'],
  [['--project', ''], '--project takes a folder'],
  [['--nonsense'], "Unknown option '--nonsense'"],
  [['folder'], 'folder'],
])('%j is refused', (words, sentence) => {
  expect(() => parseFlags(words, '/')).toThrow(sentence)
})
