import { expect, it } from 'vitest'
import { AppError } from '#shared/rpc/app-error.ts'
import { modelIn } from './find-model.ts'

const newest = (version: number) => ({ version, createdAt: 0, run: null })
const models = [
  { name: 'churn', aliases: [{ alias: 'champion', version: 2 }], newest: newest(3) },
  { name: 'churn@home', aliases: [], newest: newest(1) },
  { name: 'tenure forecast', aliases: [{ alias: 'latest-good', version: 4 }], newest: newest(5) },
  { name: 'bare', aliases: [], newest: null },
]

it.each([
  ['churn', 'churn', null],
  ['churn/3', 'churn', 3],
  ['churn/99', 'churn', 99],
  ['churn@champion', 'churn', 2],
  ['models:/churn@champion', 'churn', 2],
  ['models:/churn/latest', 'churn', 3],
  ['churn@latest', 'churn', 3],
  ['churn@home', 'churn@home', null],
  ['churn@home/1', 'churn@home', 1],
  ['tenure forecast@latest-good', 'tenure forecast', 4],
])('%s is %s, version %s', (given, name, version) => expect(modelIn(models, given)).toEqual({ name, version }))

it.each([
  ['tenure', 'There is no registered model tenure.', 'There is tenure forecast.'],
  ['Churn', 'There is no registered model Churn.', 'There are churn, churn@home.'],
  ['x/3', 'There is no registered model x.', 'There are churn, churn@home, tenure forecast, bare.'],
  ['churn@nobody', 'churn has no alias nobody.', 'It has champion.'],
  ['churn@home@x', 'churn@home has no alias x.', 'It has none.'],
  ['churn/three', "three is no version's number.", 'Write it as NAME/3.'],
  ['bare/latest', "latest is no version's number.", 'Write it as NAME/3.'],
])('%s is refused: %s %s', (given, message, hint) => {
  const refused = (): unknown => modelIn(models, given)
  expect(refused).toThrow(AppError)
  expect(refused).toThrow(expect.objectContaining({ code: 'not_found', message, hint }))
})

it('says that there are none where there are none', () => {
  expect(() => modelIn([], 'x')).toThrow(expect.objectContaining({ hint: 'None is registered here yet.' }))
})
