import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseArguments } from './parse-arguments.ts'

const read = (line: string) => Object.fromEntries(parseArguments(line.split(' ')).map(({ key, value }) => [key, value]))

test('options', () => {
  expect(read('--lr 0.1 --batch-size=32 -e 3 -j8 -lr2 x --amp --shift -0.5 --name= --no-cuda')).toEqual({
    lr: '0.1',
    batch_size: '32',
    e: '3',
    j: '8',
    lr2: 'x',
    amp: 'true',
    shift: '-0.5',
    name: '',
    no_cuda: 'true',
  })
})

test('lists, options that come again, and words by their place', () => {
  expect(read('data.csv --betas 0.9 0.999 out.pt --tag a --tag b -- --raw x=1')).toEqual({
    arg1: 'data.csv',
    betas: '0.9 0.999',
    arg2: 'out.pt',
    tag: 'a b',
    arg3: '--raw',
    arg4: 'x=1',
  })
})

test('overrides as Hydra takes them', () => {
  expect(
    read('model=resnet model.lr=0.1 +trainer.amp=true ++seed=1 ~model.dropout db@sub=x url=http://h/?a=1 -m seed=1,2'),
  ).toEqual({
    model: 'resnet',
    'model.lr': '0.1',
    'trainer.amp': 'true',
    '~model.dropout': 'removed',
    'db@sub': 'x',
    url: 'http://h/?a=1',
    m: 'true',
    seed: '1,2',
  })
  expect(parseArguments(['lr=1', 'file.txt', '--x', '2']).map(({ form }) => form)).toEqual([
    'override',
    'positional',
    'option',
  ])
})

test('what only looks like an option or an override', () => {
  expect(read('-5 /data/a=b.csv https://h/?a=1 -')).toEqual({
    arg1: '-5',
    arg2: '/data/a=b.csv',
    arg3: 'https://h/?a=1',
    arg4: '-',
  })
  expect(parseArguments([])).toEqual([])
  expect(parseArguments(['', '--text', 'two words\nand lines'])).toEqual([
    { key: 'text', value: 'two words\nand lines', form: 'option' },
  ])
})

test('bounds', () => {
  expect(parseArguments(['--text', 'x'.repeat(1_000_000)])[0]?.value.length).toBe(6_000)
  expect(parseArguments(Array.from({ length: 5_000 }, (_, index) => `--k${index}=1`)).length).toBe(1_000)
  expect(parseArguments([`--${'k'.repeat(10_000)}`, '1'])[0]?.key.length).toBe(250)
})

test('any words: keys are there, and are there once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('--a', '-b', '--', 'x=1', '5', '~y'))),
      (words) => {
        const keys = parseArguments(words).map(({ key }) => key)
        expect(keys.every((key) => key !== '')).toBe(true)
        expect(new Set(keys).size).toBe(keys.length)
      },
    ),
  )
})

test('options that are written out come back', () => {
  const name = fc.stringMatching(/^[a-z]{2,8}$/)
  const value = fc.stringMatching(/^[a-z0-9.]{1,8}$/)
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }), (pairs) => {
      const words = pairs.flatMap(([key, text]) => [`--${key}`, text])
      expect(parseArguments(words)).toEqual(pairs.map(([key, text]) => ({ key, value: text, form: 'option' })))
    }),
  )
})
