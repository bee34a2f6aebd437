import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { asciiOnly } from './vite.config.ts'

it('keeps what a bundle says when it is written in ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const quoted = JSON.stringify(text)
      const code = asciiOnly(`JSON.stringify([${quoted}, /^[–😀é]$/u.test('😀')])`, 'test')
      expect(code).toMatch(/^[\0-\x7f]*$/)
      expect(JSON.parse(String(runInNewContext(code)))).toEqual([text, true])
    }),
  )
})

it.each(['"\\–"', '/\\’/', 'String.raw`–`'])('refuses what an escape would change: %s', (code) => {
  expect(() => asciiOnly(code, 'build/x.js')).toThrow('build/x.js')
})
