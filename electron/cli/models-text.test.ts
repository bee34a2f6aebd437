import { expect, it } from 'vitest'
import type { ModelVersionDetail, RegisteredModelDetail } from '#shared/contract/models.ts'
import { modelsText, modelText, versionText } from './models-text.ts'

const AT = Date.UTC(2026, 10, 21, 12)
// Local time is the machine's: a day far away tells only its date.
const now = AT
const run = { id: 'ab', name: 'lgbm', number: 7, lifecycle: 'active' as const }
const version = {
  version: 2,
  stage: 'production' as const,
  aliases: ['champion', 'shadow'],
  description: '**Better** in the top decile\n\u001b[31mred',
  tags: [
    { key: 'reviewed', value: '' },
    { key: 'data', value: 'v7' },
  ],
  createdAt: AT,
  updatedAt: AT,
  user: null,
  run,
  state: 'ready' as const,
  type: null,
}
const model: RegisteredModelDetail = {
  name: 'churn',
  description: '# Who leaves\n\n- within a month',
  tags: [{ key: 'team', value: 'growth' }],
  createdAt: AT,
  updatedAt: AT,
  versions: 2,
  aliases: [
    { alias: 'champion', version: 2 },
    { alias: 'shadow', version: 2 },
  ],
  stages: [{ stage: 'production', version: 2 }],
  newest: { version: 2, createdAt: AT, run },
  list: [
    version,
    {
      ...version,
      version: 1,
      stage: 'none',
      aliases: [],
      description: '',
      tags: [],
      run: { id: 'f'.repeat(32), name: '', number: 0, lifecycle: null },
    },
  ],
}
const detail: ModelVersionDetail = {
  ...version,
  source: 'runs:/ab/model',
  location: 'mlflow-artifacts:/0/ab/artifacts/model',
  files: null,
  why: null,
  metrics: [
    { key: 'auc', value: 0.91, step: 3, dataset: 'test' },
    { key: 'loss', value: Number.NaN, step: 0, dataset: null },
  ],
}
/** The time of day depends on where the machine stands. */
const withoutTime = (text: string): string => text.replace(/today \d\d:\d\d/g, 'today 12:00')

it('lists models one a line, in words', () => {
  const bare = { ...model, name: 'bare', versions: 0, aliases: [], stages: [], tags: [], description: '', newest: null }
  expect(withoutTime(modelsText([model, bare], 'table', now))).toBe(
    `name   versions  newest  registered   aliases                   stages         run      tags         description
churn         2       2  today 12:00  @champion v2, @shadow v2  production v2  lgbm #7  team=growth  Who leaves within a month
bare          0       –  –            –                         –              –        –            –
`,
  )
  expect(modelsText([model], 'csv', now)).toBe(
    'name,versions,newest,registered,aliases,stages,run,tags,description\r\n' +
      'churn,2,2,2026-11-21T12:00:00.000Z,"@champion v2, @shadow v2",production v2,lgbm #7,team=growth,"# Who leaves\n\n- within a month"\r\n',
  )
})

it('tells one model with its versions; what is written in it can not steer the terminal', () => {
  expect(withoutTime(modelText(model, 'table', now))).toBe(`Model
  name     churn
  created  today 12:00
  tags     team=growth

Description
  # Who leaves

  - within a month

Versions
  version  aliases             stage       status  registered   run                                      tags               description
        2  @champion, @shadow  production  ready   today 12:00  lgbm #7                                  reviewed, data=v7  Better in the top decile �[31mred
        1  –                   –           ready   today 12:00  ${'f'.repeat(32)} (gone)  –                  –
`)
  expect(modelText({ ...model, list: [], versions: 0 }, 'table', now)).toContain('It has no versions')
})

it('tells one version, and how it is loaded', () => {
  const text = versionText('churn', detail, { trackingUri: 'http://h/p/x', style: 'table', now })
  expect(withoutTime(text)).toBe(`Version
  name        churn
  version     2
  aliases     @champion, @shadow
  stage       production
  status      ready
  registered  today 12:00
  run         lgbm #7
  made from   runs:/ab/model
  files       mlflow-artifacts:/0/ab/artifacts/model

Description
  **Better** in the top decile
  �[31mred

Tags
  reviewed
  data      v7

Metrics
  auc on test  0.91 at 3
  loss         NaN at 0

Load it
  import mlflow

  mlflow.set_tracking_uri("http://h/p/x")
  model = mlflow.pyfunc.load_model("models:/churn@champion")
`)
  const csv = versionText('churn', detail, { trackingUri: '', style: 'csv', now }).split('\r\n')
  expect(csv.slice(0, 3)).toEqual(['section,key,value', 'Version,name,churn', 'Version,version,2'])
  expect(csv.slice(-3)).toEqual(['Metrics,auc on test,0.91', 'Metrics,loss,NaN', ''])
})
