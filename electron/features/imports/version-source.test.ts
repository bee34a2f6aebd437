import { expect, it } from 'vitest'
import { rootedSource } from './version-source.ts'

const here = {
  ofRun: (run: string) => (run === 'abc' ? '7' : undefined),
  ofModel: (model: string) => (model === 'm-1' ? '7' : undefined),
}
const model = { source: 'models:/m-1', storageLocation: 'mlflow-artifacts:/7/models/m-1/artifacts' }
const both = (source: string) => ({ source, storageLocation: source })

it.each([
  ['runs:/abc/model', both('runs:/abc/model')],
  ['/home/a/mlruns/0/abc/artifacts/my model', both('runs:/abc/my model')],
  ['file:///home/a/mlruns/0/abc/artifacts', both('runs:/abc')],
  [String.raw`file:C:\Users\x\mlruns\0\abc\artifacts\model`, both('runs:/abc/model')],
  ['mlflow-artifacts:/0/abc/artifacts/model', both('runs:/abc/model')],
  ['models:/m-1', model],
  ['file:///x/mlruns/0/models/m-1/artifacts', model],
  ['mlflow-artifacts:/0/models/m-1/artifacts', model],
  ['s3://bucket/0/abc/artifacts/model', both('s3://bucket/0/abc/artifacts/model')],
  ['/home/a/0/gone/artifacts/model', both('/home/a/0/gone/artifacts/model')],
  ['models:/m-gone', both('models:/m-gone')],
  ['dummy-source', both('dummy-source')],
])('%s', (source, rooted) => {
  expect(rootedSource({ source, storageLocation: null }, here)).toEqual(rooted)
})

it('finds the files of a version by where they were stored', () => {
  expect(rootedSource({ source: 'models:/other/3', storageLocation: 'file:///x/0/abc/artifacts/model' }, here)).toEqual(
    { source: 'models:/other/3', storageLocation: 'runs:/abc/model' },
  )
})
