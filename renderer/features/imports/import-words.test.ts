import { expect, test } from 'vitest'
import { NOTHING_CAME } from '#shared/domain/imports/nothing-came.ts'
import { cameWords, filesWords, isAddress, modelsWords, runsWords, sentence, sortNotes } from './import-words.ts'
import { progressShare, progressWords } from './progress-words.ts'

test('runs are told by what becomes of them', () => {
  const words = (runs: Parameters<typeof runsWords>[0]['runs']): string => runsWords({ runs })
  expect([
    words({ new: 0, changed: 0, known: 0, elsewhere: 0, inTrash: 0, erased: 0, moved: [] }),
    words({ new: 1200, changed: 0, known: 0, elsewhere: 0, inTrash: 0, erased: 0, moved: [] }),
    words({ new: 0, changed: 3, known: 40, elsewhere: 0, inTrash: 1, erased: 0, moved: [] }),
    words({ new: 0, changed: 0, known: 40, elsewhere: 0, inTrash: 0, erased: 0, moved: [] }),
    words({
      new: 0,
      changed: 0,
      known: 1,
      elsewhere: 0,
      inTrash: 0,
      erased: 2,
      moved: [{ project: 'thesis', runs: 3 }],
    }),
    words({ new: 1, changed: 0, known: 0, elsewhere: 9, inTrash: 0, erased: 0, moved: [] }),
  ]).toEqual([
    'no runs',
    '1,200 new',
    '3 changed since, 40 here already, 1 deleted here, left out until restored from the trash',
    'nothing new, 40 here already',
    'nothing new, 1 here already, 2 deleted here for good, left out until the sources they came from are forgotten, 3 moved to project thesis, left out here',
    '1 new, 9 here from elsewhere, compared as they come',
  ])
})

test('files that are not there, or not counted yet, are said', () => {
  const words = (artifacts: Parameters<typeof filesWords>[0]['artifacts']): string => filesWords({ artifacts })
  expect([
    words({ files: 0, bytes: 0, missing: 0, remote: 0, counted: true }),
    words({ files: 13, bytes: 1_500_000, missing: 2, remote: 0, counted: true }),
    words({ files: 0, bytes: 0, missing: 0, remote: 4, counted: false }),
  ]).toEqual([
    'none',
    '13 files, 1.5 MB; those of 2 runs and models not found',
    'counted as they come; those of 4 runs and models elsewhere: their address is kept',
  ])
})

const NONE_HERE = { logged: 0, registered: 0, versions: 0, deleted: 0 }

test('models and what came leave out what there is none of', () => {
  expect([
    modelsWords({ loggedModels: 0, registeredModels: 0, modelVersions: 0, modelsHere: NONE_HERE }),
    modelsWords({ loggedModels: 1, registeredModels: 7, modelVersions: 9, modelsHere: NONE_HERE }),
    modelsWords({
      loggedModels: 1,
      registeredModels: 7,
      modelVersions: 9,
      modelsHere: { logged: 1, registered: 7, versions: 9, deleted: 2 },
    }),
    modelsWords({
      loggedModels: 3,
      registeredModels: 7,
      modelVersions: 1200,
      modelsHere: { logged: 1, registered: 6, versions: 1100, deleted: 0 },
    }),
    cameWords({ came: NOTHING_CAME }),
    cameWords({ came: { ...NOTHING_CAME, runs: 10, points: 4200, copiedFiles: 1, copiedBytes: 2000 } }),
  ]).toEqual([
    '',
    '7 registered models with 9 versions, 1 logged model',
    '7 registered models with 9 versions here already, 1 logged model here already, 2 models deleted here, left out',
    '7 registered models (6 here already) with 1,200 versions (1,100 here already), 3 logged models (1 here already)',
    '',
    '10 runs, 4,200 points, 1 file (2 kB)',
  ])
})

test('what was left out stands first', () => {
  const note = (kind: 'skipped' | 'changed' | 'noticed') => ({ kind, what: 'run a', why: '' })
  expect(sortNotes([note('noticed'), note('skipped'), note('changed')]).map(({ kind }) => kind)).toEqual([
    'skipped',
    'changed',
    'noticed',
  ])
})

test('an address is told from a path', () => {
  expect(['http://127.0.0.1:5000', ' HTTPS://ml.example.org ', '/home/ada/http:/x', 'mlruns'].map(isAddress)).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('progress has a share only where the total is known', () => {
  const progress = { phase: 'runs', current: 'a', done: 5, total: 20, points: 300, bytes: 0 } as const
  expect([
    progressWords(progress),
    progressShare(progress),
    progressWords({ ...progress, total: null }),
    progressShare({ ...progress, total: null }),
  ]).toEqual(['5 of 20 runs, 300 points', 0.25, '5 runs, 300 points', undefined])
})

test('updates of the same run in several rounds are no runs', () => {
  const grown = { came: { ...NOTHING_CAME, updatedRuns: 12, points: 40 } }
  expect([cameWords(grown), cameWords(grown, 7)]).toEqual([
    'something new in 12 runs, 40 points',
    '12 updates of runs, 40 points',
  ])
})

test('a message becomes a sentence', () => {
  expect(['no disk', 'It failed. ', 'Why?'].map(sentence)).toEqual(['no disk.', 'It failed.', 'Why?'])
})
