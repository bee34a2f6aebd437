import { describe, expect, it } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { everythingOf, experiment, storeIn } from './store.fixture.ts'

const version = (number: number, more = ''): string =>
  `creation_timestamp: 1700000000000\ncurrent_stage: None\ndescription: ''\nlast_updated_timestamp: 1700000001000\nname: churn\nrun_id: r1\n` +
  `run_link: ''\nsource: models:/m-1\nstatus: READY\nuser_id: null\nversion: ${number}\n${more}`

describe('logged models', () => {
  it('come with their parameters, tags and every distinct point', () => {
    const root = storeIn(tempFolder(), {
      '7/meta.yaml': experiment('7', 'churn'),
      '7/models/m-1/meta.yaml':
        "artifact_location: file:///home/a/mlruns/7/models/m-1/artifacts\ncreation_timestamp: 1700000000000\nexperiment_id: '7'\n" +
        'last_updated_timestamp: 1700000001000\nmodel_id: m-1\nmodel_type: sklearn\nname: forest\nsource_run_id: r1\nstatus: 2\nstatus_message: null\n',
      '7/models/m-1/params/depth': '3',
      '7/models/m-1/tags/team': 'risk',
      '7/models/m-1/metrics/val/auc':
        '1700000000001 0.5 0 r1\n1700000000001 0.5 0 r1\n1700000000002 nan 1 r1 my data 3fa\nrubbish\n1700000000003 0x1 1 r1\n',
      '7/models/m-1/artifacts/MLmodel': 'x',
      '7/models/m-2/meta.yaml': 'model_id: m-3\n',
      '7/models/notes.txt': 'x',
    })
    const { loggedModels, counts, notes } = everythingOf(root)
    expect(loggedModels).toEqual([
      {
        id: 'm-1',
        experiment: '7',
        name: 'forest',
        type: 'sklearn',
        status: 'ready',
        statusMessage: null,
        sourceRun: 'r1',
        lifecycle: 'active',
        createdAt: 1700000000000,
        updatedAt: 1700000001000,
        params: [{ key: 'depth', value: '3' }],
        tags: [{ key: 'team', value: 'risk' }],
        metrics: [
          {
            key: 'val/auc',
            value: 0.5,
            time: 1700000000001,
            step: 0,
            run: 'r1',
            datasetName: null,
            datasetDigest: null,
          },
          {
            key: 'val/auc',
            value: NaN,
            time: 1700000000002,
            step: 1,
            run: 'r1',
            datasetName: 'my data',
            datasetDigest: '3fa',
          },
        ],
        artifacts: { at: 'folder', path: `${root}/7/models/m-1/artifacts` },
        fingerprint: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
    ])
    expect(counts).toEqual({ logged: 2, registered: 0, versions: 0 })
    expect(notes.map(({ what, why }) => [what, why])).toEqual([
      ['7/models/m-1/metrics/val/auc', 'a line of it is no point: “rubbish”'],
      ['7/models/m-1/metrics/val/auc', 'a line of it is no point: “1700000000003 0x1 1 r1”'],
      ['7/models/m-2', 'its meta.yaml is not of this model'],
    ])
  })
})

describe('the registry', () => {
  it('comes with versions, stages, aliases and tags, and without what was deleted', () => {
    const root = storeIn(tempFolder(), {
      'models/churn/meta.yaml':
        "aliases: {}\ncreation_timestamp: 1700000000000\ndescription: 'who leaves: all'\nlast_updated_timestamp: 1700000002000\nname: churn\n",
      'models/churn/tags/team': 'risk',
      'models/churn/aliases/best': '10',
      'models/churn/aliases/gone': '9',
      'models/churn/aliases/torn': '',
      'models/churn/version-2/meta.yaml': version(2, 'current_stage: Production\nmodel_id: m-9\nuser_id: ada\n'),
      'models/churn/version-2/tags/ok': 'yes',
      'models/churn/version-9/meta.yaml': version(9, 'current_stage: Deleted_Internal\n'),
      'models/churn/version-10/meta.yaml': version(10, 'storage_location: s3://b/x\n'),
      'models/churn/version-11/meta.yaml': version(11, 'current_stage: Baking\n'),
      'models/churn/version-x/meta.yaml': version(1),
      'models/empty/notes.txt': 'x',
    })
    const { registered, counts, era, notes, experiments } = everythingOf(root)
    const common = { description: null, run: 'r1', runLink: '', createdAt: 1700000000000, updatedAt: 1700000001000 }
    expect(registered).toEqual([
      {
        name: 'churn',
        description: 'who leaves: all',
        createdAt: 1700000000000,
        updatedAt: 1700000002000,
        tags: [{ key: 'team', value: 'risk' }],
        aliases: [{ alias: 'best', version: 10 }],
        versions: [
          {
            ...common,
            ...{ version: 2, stage: 'production', source: 'models:/m-1', storageLocation: null },
            ...{ loggedModel: 'm-9', user: 'ada', tags: [{ key: 'ok', value: 'yes' }] },
          },
          {
            ...common,
            ...{ version: 10, stage: 'none', source: 'models:/m-1', storageLocation: 's3://b/x' },
            ...{ loggedModel: 'm-1', user: null, tags: [] },
          },
          {
            ...common,
            ...{ version: 11, stage: 'none', source: 'models:/m-1', storageLocation: null },
            ...{ loggedModel: 'm-1', user: null, tags: [] },
          },
        ],
      },
    ])
    expect([counts, era, experiments]).toEqual([
      { logged: 0, registered: 1, versions: 3 },
      'file store with a registry',
      [],
    ])
    expect(notes.map(({ what }) => what)).toEqual([
      'models/churn/version-11',
      'models/churn/aliases/gone',
      'models/churn/aliases/torn',
    ])
  })
})
