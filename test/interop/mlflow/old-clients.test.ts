import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestBackend, type TestBackend } from '#electron/backend/backend.fixture.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { runScript } from './support/tour.ts'

let server: TestBackend
beforeAll(async () => void (server = await startTestBackend()))
afterAll(() => server?.close())

/** The version of a client that was asked for in its .in file. */
function asked(name: string): string | undefined {
  return /^mlflow-skinny==(.+)$/m.exec(
    readFileSync(new URL(`../../setup/beside/${name}.in`, import.meta.url), 'utf8'),
  )?.[1]
}

const refused = (code: string, error = 'RestException') => ({ code, error })

/** What the script has to be told, whatever its client: the numbers and names that it logged itself. */
const ANSWERS = {
  'artifact address': 'mlflow-artifacts:/<experiment>/<first>/artifacts/all',
  first: [
    'FINISHED',
    'active',
    { depth: '3', größe: '中文', lr: '0.1' },
    { acc: '0.75', loss: '0.0625', nothing: 'nan' },
    { gone: '1', 'mlflow.note.content': 'a *note*', 'mlflow.runName': 'first', stage: '1', team: 'red' },
  ],
  inside: ['FINISHED', 'active', {}, {}, { 'mlflow.parentRunId': '<first>', 'mlflow.runName': 'inside' }],
  'started and ended': true,
  'a parameter again': null,
  'a parameter changed': expect.objectContaining({ code: 'INVALID_PARAMETER_VALUE' }) as unknown,
  'a tag that is gone': refused('RESOURCE_DOES_NOT_EXIST'),
  second: [91, { late: 1, loss: 899 / 8 }, 'FAILED'],
  history: [
    [1, 0.125, 999],
    [0, 0, 1_000],
  ],
  'length of the history': 900,
  'history of several a step': [
    [2, 4],
    [1, 5],
  ],
  'history of nothing': [],
  'no run': refused('RESOURCE_DOES_NOT_EXIST'),
  'a bad name': refused('INVALID_PARAMETER_VALUE'),
  "runs tags.team = 'red'": ['first'],
  "runs metrics.loss < 1 and params.lr = '0.1'": ['first'],
  "runs attributes.status = 'FAILED'": ['second'],
  "runs params.`größe` LIKE '中%'": ['first'],
  'runs metrics.rank >= 5': ['page 2', 'page 4'],
  "runs tag.`mlflow.runName` ILIKE 'PAGE 1'": ['page 1'],
  refused: refused('INVALID_PARAMETER_VALUE'),
  ordered: ['page 2', 'page 4', 'page 6', 'page 1', 'page 3', 'page 5', 'page 0'],
  pages: [['page 0', 'page 5', 'page 3'], ['page 1', 'page 6', 'page 4'], ['page 2']],
  'by the fluent name': 10,
  experiments: ['<experiment>'],
  'experiment by name': '<experiment>',
  'no experiment by name': null,
  files: [
    ['all', true, null],
    ['dict.json', false, 29],
    ['notes', true, null],
    ['one', true, null],
  ],
  'files below': [
    ['all/b.csv', false, 5],
    ['all/größe 1.txt', false, 13],
  ],
  'files of nothing': [],
  'all down': ['all/b.csv', 'all/größe 1.txt', 'dict.json', 'notes/text.txt', 'one/b.csv'],
  'one down': ['größe 1.txt'],
  read: ['text ü', { a: [1, 2] }],
  'nothing down': expect.objectContaining({ error: 'MlflowException' }) as unknown,
  'registered again': refused('RESOURCE_ALREADY_EXISTS'),
  staged: [
    ['1', 'Staging'],
    ['2', 'Production'],
    ['3', 'None'],
  ],
  'staged next': [
    ['1', 'Staging'],
    ['2', 'Archived'],
    ['3', 'Production'],
  ],
  'an unknown stage': refused('INVALID_PARAMETER_VALUE'),
  latest: [
    ['Archived', '2'],
    ['Production', '3'],
    ['Staging', '1'],
  ],
  'latest in production': ['3'],
  version: ['1', 'about this', { b: '2' }, '<first>', 'READY'],
  model: ['words', { c: '3' }],
  'where it lies': 'mlflow-artifacts:/<experiment>/<first>/artifacts/all',
  'of the model': ['b.csv', 'größe 1.txt'],
  'of a stage': ['text.txt'],
  models: ['<old> model renamed'],
  'versions of the run': 3,
  'a version that is gone': refused('RESOURCE_DOES_NOT_EXIST'),
  'models at last': [],
  active: 9,
  deleted: ['second'],
  'logged to what is deleted': refused('INVALID_PARAMETER_VALUE'),
  restored: 10,
  'experiment deleted': 'deleted',
  'experiment restored': ['<old> renamed', 'active', { k: 'v' }],
}

describeWith(['mlflow-1.30'], 'a client of 2022', clientOf('mlflow-1.30', ANSWERS))
describeWith(['mlflow-2.9'], 'a client of 2023', clientOf('mlflow-2.9', { ...ANSWERS, 'by alias': '2' }))
describeWith(['mlflow-2.16'], 'a client of 2024', clientOf('mlflow-2.16', { ...ANSWERS, 'by alias': '2' }))

function clientOf<Name extends string>(name: Name, answers: object): (paths: Readonly<Record<Name, string>>) => void {
  return (paths) => {
    it('logs, searches, keeps files and registers, and is told what it logged', async () => {
      const told = await runScript(paths[name], 'old_client', [server.backend.url, name])
      expect(told).toEqual({ VERSION: asked(name), ANSWERS: answers })
    })
  }
}
