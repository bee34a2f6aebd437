import { expect, it } from 'vitest'
import type { Column } from '#shared/contract/runs.ts'
import { appError, AppError } from '#shared/rpc/app-error.ts'
import { pointAtFault, unknownKeys } from './filter-fault.ts'

const fault = (character: number): AppError =>
  appError('invalid', 'A value should stand here.', {
    field: 'filter',
    hint: `At character ${character} of the filter.`,
  })

function told(filter: string, character: number): string {
  const error = pointAtFault(fault(character), filter)
  return error instanceof AppError ? error.message : 'another error'
}

it('points at the character, under wide ones too, and at the end', () => {
  expect(told('a >> 1', 4)).toBe('a >> 1\n   ^\nA value should stand here.')
  expect(told('漢字 >> 1', 5)).toBe('漢字 >> 1\n      ^\nA value should stand here.')
  expect(told('a > ', 5)).toBe('a > \n    ^\nA value should stand here.')
})

it('shows the surroundings only of a long filter', () => {
  const [line = '', pointer = ''] = told(`${'a = 1 and '.repeat(50)}b >> 1${' and a = 1'.repeat(50)}`, 504).split('\n')
  expect([line[0], line.at(-1)]).toEqual(['…', '…'])
  expect(line.length).toBeLessThan(130)
  expect(line.slice(pointer.indexOf('^'))).toMatch(/^> 1/)
})

it('leaves other errors alone', () => {
  const other = appError('invalid', 'Other.', { hint: 'At character 3.' })
  expect(pointAtFault(other, 'abc')).toBe(other)
  expect(pointAtFault('x', 'abc')).toBe('x')
})

it('names the keys that no run has', () => {
  const column = (kind: Column['kind'], key: string): Column => ({
    id: `${kind}:${key}`,
    kind,
    key,
    count: 1,
    numeric: false,
    min: null,
    max: null,
    values: [],
    histogram: [],
  })
  const columns = [column('param', 'lr'), column('metric', 'acc')]
  expect(unknownKeys('lr = 1 and (acc > 2 or not status = "x")', columns)).toEqual([])
  expect(unknownKeys('ler = 1 and metrics.lr > 2 and exists(foo) and ler = 2', columns)).toEqual(['ler', 'lr', 'foo'])
  expect(unknownKeys('lr = ', columns)).toEqual([])
})
