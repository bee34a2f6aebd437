import { expect, it } from 'vitest'
import type { RegisteredModelRow } from '#shared/contract/models.ts'
import { findModels } from './find-models.ts'

const row = (name: string, more: Partial<RegisteredModelRow> = {}): RegisteredModelRow => ({
  name,
  description: '',
  tags: [],
  createdAt: 0,
  updatedAt: 0,
  versions: 1,
  aliases: [],
  stages: [],
  newest: null,
  ...more,
})
const run = { id: 'ab', name: 'lgbm-l15', number: 3, lifecycle: 'active' as const }
const models = [
  row('churn', { description: 'Who leaves next month', aliases: [{ alias: 'Champion', version: 2 }] }),
  row('churn-logreg', { tags: [{ key: 'team', value: 'Growth' }], stages: [{ stage: 'production', version: 1 }] }),
  row('Größe', { newest: { version: 1, createdAt: 0, run } }),
]
const found = (text: string): readonly string[] => findModels(models, text).map(({ name }) => name)

it('each word has to stand somewhere: name, description, tag, alias, stage, run', () => {
  expect(
    ['churn', 'CHURN month', '@champion', 'champ', 'team=growth', 'growth prod', 'größe', 'l15 GRÖSSE'].map(found),
  ).toEqual([
    ['churn', 'churn-logreg'],
    ['churn'],
    ['churn'],
    ['churn'],
    ['churn-logreg'],
    ['churn-logreg'],
    ['Größe'],
    [],
  ])
})

it('no words find all, and a word that stands nowhere finds none', () => {
  expect([found('  '), found('churn nowhere')]).toEqual([['churn', 'churn-logreg', 'Größe'], []])
})
