import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ImportNote } from '#shared/contract/imports.ts'
import { all, contentsOf, EXPERIMENTS, info, none, open, serve } from '#test/fixtures/mlflow-answers.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { readServerAddress } from './address.ts'
import { looksLikeServer, withoutSecret } from './index.ts'

describe('a run', () => {
  it('comes with what hangs on it, 64-bit numbers as numbers or words', async () => {
    const notes: ImportNote[] = []
    const { url } = await serve({
      ...EXPERIMENTS,
      'runs/search': ({ body }) => {
        expect(body).toMatchObject({ experiment_ids: ['7'], run_view_type: 'ALL' })
        return {
          json: {
            runs: [
              {
                info: info('r1', { start_time: '1700000000000', end_time: '0', status: 'RUNNING', user_id: 'ada' }),
                data: {
                  metrics: [{ key: 'loss', value: 'NaN', timestamp: '5', step: '9007199254740991' }],
                  params: [{ key: 'lr', value: '0.1' }, { key: 'empty' }],
                  tags: [{ key: 'mlflow.runName', value: 'first' }],
                },
                inputs: {
                  dataset_inputs: [
                    {
                      dataset: { name: 'wine', digest: 'd', source_type: 'local', source: '{}' },
                      tags: [{ key: 'k', value: 'v' }],
                    },
                  ],
                  model_inputs: [{ model_id: 'm-1' }],
                },
                outputs: { model_outputs: [{ model_id: 'm-2', step: '3' }] },
              },
              { info: info('../r2') },
              { info: info('r3', { experiment_id: '8' }) },
              { nothing: true },
            ],
          },
        }
      },
      'metrics/get-history': ({ query }) => {
        const second = query.get('page_token') === 'more'
        const metrics = second
          ? [
              { key: 'loss', value: '-Infinity', timestamp: 7, step: 2 },
              { key: 'loss', value: 'x' },
            ]
          : [
              { key: 'loss', value: 0.5, timestamp: '5', step: '1' },
              { key: 'loss', value: 'NaN' },
            ]
        return { json: { metrics, ...(second ? {} : { next_page_token: 'more' }) } }
      },
    })
    const source = await open(url, notes)
    expect([source.kind, source.location, source.era]).toEqual(['mlflow-server', url, 'MLflow server'])
    const [run] = await all(source.runs('7', none))
    expect(run).toEqual({
      id: 'r1',
      experiment: '7',
      name: 'first',
      status: 'running',
      deleted: false,
      deletedAt: null,
      startedAt: 1700000000000,
      endedAt: null,
      user: 'ada',
      fingerprint: expect.stringMatching(/^[0-9a-f]{40}$/),
    })
    const { series, ...contents } = await source.contents(run!, none)
    expect(contents).toEqual({
      params: [
        { key: 'lr', value: '0.1' },
        { key: 'empty', value: '' },
      ],
      tags: [{ key: 'mlflow.runName', value: 'first' }],
      datasets: [
        {
          name: 'wine',
          digest: 'd',
          sourceType: 'local',
          source: '{}',
          schema: null,
          profile: null,
          tags: [{ key: 'k', value: 'v' }],
        },
      ],
      models: [
        { model: 'm-1', direction: 'input', step: 0 },
        { model: 'm-2', direction: 'output', step: 3 },
      ],
      artifacts: { at: 'none' },
    })
    expect(await all(series)).toEqual([
      {
        key: 'loss',
        step: Float64Array.of(1, 0, 2),
        time: Float64Array.of(5, 0, 7),
        value: Float64Array.of(0.5, Number.NaN, -Infinity),
      },
    ])
    expect(notes.map(({ what }) => what)).toEqual([
      'run ../r2',
      'run r3',
      '1 runs of experiment 7',
      '1 points of metric loss of run r1',
    ])
  })

  it('has another fingerprint with anything that a search tells', async () => {
    let run: object = {}
    const { url } = await serve({ ...EXPERIMENTS, 'runs/search': () => ({ json: { runs: [run] } }) })
    const source = await open(url)
    const data = { metrics: [{ key: 'a', value: 1, step: 1, timestamp: 1 }], params: [], tags: [] }
    const seen = new Set<string>()
    for (const one of [
      { info: info('r1'), data },
      { info: info('r1', { status: 'FAILED' }), data },
      { info: info('r1', { lifecycle_stage: 'deleted' }), data },
      { info: info('r1'), data: { ...data, tags: [{ key: 't', value: '1' }] } },
      { info: info('r1'), data: { ...data, params: [{ key: 't', value: '1' }] } },
      { info: info('r1'), data: { ...data, metrics: [{ key: 'a', value: 1, step: 1, timestamp: 2 }] } },
      { info: info('r1'), data: { ...data, metrics: [{ key: 'a', value: 'NaN', step: 1, timestamp: 1 }] } },
      { info: info('r1'), data, outputs: { model_outputs: [{ model_id: 'm-1' }] } },
    ]) {
      run = one
      seen.add((await all(source.runs('7', none)))[0]?.fingerprint ?? '')
      seen.add((await all(source.runs('7', none)))[0]?.fingerprint ?? '')
    }
    expect(seen.size).toBe(8)
  })

  it('is asked for by its id where only some are wanted', async () => {
    const { url, log } = await serve({
      ...EXPERIMENTS,
      'runs/get': ({ query }) =>
        query.get('run_id') === 'r2'
          ? { status: 404, json: { error_code: 'RESOURCE_DOES_NOT_EXIST' } }
          : { json: { run: { info: info(query.get('run_id') ?? '') } } },
    })
    const source = await open(url)
    const runs = await all(source.runs('7', none, new Set(['r1', 'r2'])))
    expect(runs.map(({ id }) => id)).toEqual(['r1'])
    expect(log).not.toContain('POST runs/search')
  })
})

describe('files', () => {
  const artifactsAt = async (address: string, more: Parameters<typeof serve>[0] = {}) => {
    const runs = [{ info: info('r1', { artifact_uri: address }) }]
    const { url } = await serve({ ...EXPERIMENTS, 'runs/search': () => ({ json: { runs } }), ...more })
    return (await contentsOf(await open(url))).artifacts
  }

  it('on the server’s own disk come by the routes of its page', async () => {
    const files = {
      '': [{ path: 'plots', is_dir: true }],
      plots: [{ path: 'plots/a b.png', is_dir: false, file_size: 3 }],
    }
    const artifacts = await artifactsAt('file:///srv/mlruns/7/r1/artifacts', {
      'artifacts/list': ({ query }) => ({
        json: { files: query.get('run_id') === 'r1' ? files[query.get('path') === 'plots' ? 'plots' : ''] : [] },
      }),
      '/get-artifact': ({ query }) => ({ text: `${query.get('run_id')} ${query.get('path')}` }),
    })
    if (artifacts.at !== 'server') throw new Error(artifacts.at)
    expect(await all(artifacts.files.list(none))).toEqual([{ path: 'plots/a b.png', size: 3 }])
    expect(await new Response((await artifacts.files.read('plots/a b.png', none)).body).text()).toBe('r1 plots/a b.png')
  })

  it('tell when they were changed, but where that is the time of the asking or is not told without them', async () => {
    let said: Record<string, string> = {}
    const artifacts = await artifactsAt('file:///srv/mlruns/7/r1/artifacts', {
      '/get-artifact': () => ({ text: 'text', headers: said }),
    })
    if (artifacts.at !== 'server') throw new Error(artifacts.at)
    const { files } = artifacts
    const [changed, asked] = ['Fri, 20 Nov 2026 11:00:00 GMT', 'Sat, 21 Nov 2026 17:48:08 GMT']
    for (const [headers, expected] of [
      [{ 'last-modified': changed, date: asked }, changed],
      // As the real server answers where only the head is asked for.
      [{ 'last-modified': changed, date: `${asked}, ${asked}` }, changed],
      [{ 'last-modified': 'Sat, 21 Nov 2026 17:48:05 GMT', date: asked }, null],
      [{ 'last-modified': 'long ago', date: asked }, null],
      [{ date: asked }, null],
    ] as const) {
      said = headers
      const { body, lastModified } = await files.read('x', none)
      await body.cancel()
      expect([headers, lastModified, await files.lastModified('x', none)]).toEqual([headers, expected, expected])
    }
    const none404 = await artifactsAt('file:///srv/mlruns/7/r1/artifacts')
    expect(none404.at === 'server' ? await none404.files.lastModified('x', none) : '').toBeNull()
  })

  it('on this disk are there, and no other folder of it is taken for them', async () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'r1', 'artifacts'), { recursive: true })
    expect(await artifactsAt(`file://${folder}/r1/artifacts`)).toEqual({ at: 'folder', path: `${folder}/r1/artifacts` })
    for (const other of [folder, `${folder}/r1`, `${folder}/x/../r1/artifacts`])
      expect(await artifactsAt(other)).toMatchObject({ at: 'server' })
  })

  it('in a store of its own stay there, and a password in its address does not come', async () => {
    expect(await artifactsAt('s3://key:secret@bucket/7/r1/artifacts')).toEqual({
      at: 'remote',
      address: 's3://key:***@bucket/7/r1/artifacts',
    })
    expect(await artifactsAt('')).toEqual({ at: 'none' })
  })
})

describe('an old server', () => {
  it('has a list of experiments, metrics without pages, `name` and `run_uuid`, and neither models nor a registry', async () => {
    const notes: ImportNote[] = []
    const { url } = await serve({
      'experiments/list': () => ({ json: { experiments: [{ experiment_id: 7, name: 'churn' }] } }),
      'runs/search': () => ({
        json: {
          runs: [
            {
              info: { run_uuid: 'r1', name: 'old', experiment_id: '7' },
              data: { metrics: [{ key: 'm', value: 1, timestamp: '1' }] },
            },
          ],
        },
      }),
      'metrics/get-history': ({ query }) =>
        query.has('max_results')
          ? { status: 400, json: { error_code: 'INVALID_PARAMETER_VALUE' } }
          : { json: { metrics: [{ key: 'm', value: 1, timestamp: '1' }] } },
    })
    const source = await open(url, notes)
    expect((await source.experiments(none)).map(({ id }) => id)).toEqual(['7'])
    const { series } = await contentsOf(source)
    expect((await all(series)).map(({ key, value }) => [key, [...value]])).toEqual([['m', [1]]])
    expect(await all(source.loggedModels('7', none))).toEqual([])
    expect(await all(source.registeredModels(none))).toEqual([])
    expect(await source.modelCounts(none)).toEqual({ logged: 0, registered: 0, versions: 0 })
    expect(notes).toEqual([])
  })
})

describe('an address', () => {
  it.each([
    ['http://host:5000', 'http://host:5000', null],
    ['http://host:5000/#/experiments/1', 'http://host:5000', null],
    ['https://host/mlflow/?x=1', 'https://host/mlflow', null],
    ['https://host/p/churn/api/2.0/mlflow', 'https://host/p/churn', null],
    ['https://ann:a%3Ab@host/', 'https://host', `Basic ${Buffer.from('ann:a:b').toString('base64')}`],
  ])('%s', (given, base, authorization) => {
    expect(readServerAddress(given)).toEqual({ base, authorization })
    expect(readServerAddress(given, 't').authorization).toBe('Bearer t')
  })

  it('gives its secret apart from what is kept', () => {
    expect(withoutSecret('http://ann:pw@host/x')).toEqual({ location: 'http://host/x', token: 'Basic YW5uOnB3' })
    expect(withoutSecret('http://ann:pw@host', 't')).toEqual({ location: 'http://host', token: 't' })
    expect(withoutSecret('http://host/')).toEqual({ location: 'http://host/' })
    expect(withoutSecret('/a/b@c', 't')).toEqual({ location: '/a/b@c', token: 't' })
    expect(readServerAddress('http://host', 'Basic YW5uOnB3').authorization).toBe('Basic YW5uOnB3')
  })

  it.each([
    ['http://host', true],
    ['HTTPS://host/x', true],
    ['s3://bucket', false],
    ['/a/http://b', false],
    ['http://', false],
  ])('%s looks like a server: %s', async (given, expected) => expect(await looksLikeServer(given)).toBe(expected))
})
