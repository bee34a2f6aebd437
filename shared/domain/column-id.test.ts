import { expect, it } from 'vitest'
import { parseColumnId } from './column-id.ts'

it.each([
  ['attribute:started', { kind: 'attribute', key: 'started' }],
  ['param:lr', { kind: 'param', key: 'lr' }],
  ['param:model:depth', { kind: 'param', key: 'model:depth' }],
  ['tag:mlflow.user', { kind: 'tag', key: 'mlflow.user' }],
  ['metric:val_acc:best', { kind: 'metric', key: 'val_acc', aggregate: 'best' }],
  ['metric:val:acc:last', { kind: 'metric', key: 'val:acc', aggregate: 'last' }],
  ['metric:last:min', { kind: 'metric', key: 'last', aggregate: 'min' }],
  ['metric:val_acc', undefined],
  ['metric:val_acc:odd', undefined],
  ['metric::max', undefined],
  ['param:', undefined],
  [':lr', undefined],
  ['lr', undefined],
  ['other:lr', undefined],
  ['', undefined],
])('%j', (id, parts) => expect(parseColumnId(id)).toEqual(parts))
