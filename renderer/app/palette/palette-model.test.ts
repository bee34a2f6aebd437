import { describe, expect, it } from 'vitest'
import {
  commandRows,
  readQuery,
  sourceRows,
  withRecent,
  type PaletteItem,
  type PaletteSource,
} from './palette-model.ts'

const item = (id: string, label = id): PaletteItem => ({ id, label, choose: () => undefined })
const runs: PaletteSource = { id: 'runs', title: 'Runs', prefix: { sign: '#', word: 'runs' }, find: () => [] }

describe('readQuery', () => {
  it('reads signs that a source has, and takes others as text', () => {
    expect(readQuery('# lgbm ', [runs])).toEqual({ only: 'runs', text: 'lgbm' })
    expect(readQuery('>launch', [runs])).toEqual({ only: 'commands', text: 'launch' })
    expect(readQuery('@model', [runs])).toEqual({ only: undefined, text: '@model' })
    expect(readQuery('', [runs])).toEqual({ only: undefined, text: '' })
  })
})

describe('commandRows', () => {
  const many = Array.from({ length: 20 }, (_, at) => item(`c${at}`))
  const ids = (rows: readonly { item: PaletteItem }[]) => rows.map((row) => row.item.id)
  it('begins with what was used last, and shows few before a letter is typed', () => {
    expect(ids(commandRows(many, '', ['c9', 'c3'], false))).toEqual(['c9', 'c3', 'c0', 'c1', 'c2', 'c4', 'c5', 'c6'])
    expect(commandRows(many, '', [], true)).toHaveLength(20)
  })
  it('ranks what is asked for', () => {
    expect(ids(commandRows(many, 'c19', [], false))).toEqual(['c19'])
  })
})

it('keeps what a source found, and ranks a fixed list itself', () => {
  expect(
    sourceRows(runs, [item('a', 'seven'), item('b', 'lgbm')], 'lgbm').map((row) => [row.item.id, row.label.length]),
  ).toEqual([
    ['a', 0],
    ['b', 4],
  ])
  expect(
    sourceRows({ ...runs, fixed: true }, [item('a', 'seven'), item('b', 'lgbm')], 'lgbm').map((row) => row.item.id),
  ).toEqual(['b'])
})

it('remembers each command once, the last first', () => {
  expect(withRecent(['a', 'b'], 'b')).toEqual(['b', 'a'])
  expect(
    withRecent(
      Array.from({ length: 12 }, (_, at) => String(at)),
      'x',
    ),
  ).toHaveLength(12)
})
