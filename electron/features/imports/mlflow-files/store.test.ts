import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AppError } from '#shared/rpc/errors.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { openStore } from './store.ts'
import { everythingOf, experiment, type Files, run, storeIn, writeFiles } from './store.fixture.ts'

const R1 = '1'.repeat(32)
const R2 = '2'.repeat(32)
const storeOf = (files: Files): string => storeIn(tempFolder(), files)

/** A store of one experiment with one run, whose folder holds these files. */
function oneRun(files: Files, meta = run('7', R1)) {
  return storeOf({
    '7/meta.yaml': experiment('7', 'churn'),
    [`7/${R1}/meta.yaml`]: meta,
    ...Object.fromEntries(Object.entries(files).map(([name, content]) => [`7/${R1}/${name}`, content])),
  })
}

describe('a run', () => {
  it('comes with all that hangs on it', () => {
    const root = oneRun({
      'params/lr': '0.1',
      'params/model/depth': 'größe 🦊\r\n',
      'tags/mlflow.user': 'ada',
      'metrics/train/loss': '1700000000001 0.5 0\n1700000000002 nan 1\n1700000000003 -inf 1\n',
      'inputs/a/meta.yaml':
        'source_type: DATASET\nsource_id: d1\ndestination_type: RUN\ntags:\n  mlflow.data.context: train\n',
      'inputs/b/meta.yaml': 'source_type: MODEL\nsource_id: m-1\ndestination_type: RUN\ntags: {}\n',
      'outputs/m-2/meta.yaml':
        'source_type: RUN_OUTPUT\nsource_id: m-2\ndestination_type: MODEL_OUTPUT\ndestination_id: m-2\nstep: 4\ntags: {}\n',
      'artifacts/a.txt': 'x',
    })
    writeFiles(root, {
      '7/datasets/d1/meta.yaml':
        "digest: '12'\nname: wine\nprofile: '{\"rows\": 1}'\nschema: null\nsource: '{}'\nsource_type: local\n",
    })
    const { runs, notes } = everythingOf(root)
    expect(notes).toEqual([])
    expect(runs).toEqual([
      {
        id: R1,
        experiment: '7',
        name: 'first',
        status: 'finished',
        deleted: false,
        deletedAt: null,
        startedAt: 1700000000000,
        endedAt: 1700000009000,
        user: 'ada',
        fingerprint: expect.stringMatching(/^[0-9a-f]{40}$/),
        params: [
          { key: 'lr', value: '0.1' },
          { key: 'model/depth', value: 'größe 🦊\r\n' },
        ],
        tags: [{ key: 'mlflow.user', value: 'ada' }],
        datasets: [
          {
            name: 'wine',
            digest: '12',
            sourceType: 'local',
            source: '{}',
            schema: null,
            profile: '{"rows": 1}',
            tags: [{ key: 'mlflow.data.context', value: 'train' }],
          },
        ],
        models: [
          { model: 'm-1', direction: 'input', step: 0 },
          { model: 'm-2', direction: 'output', step: 4 },
        ],
        artifacts: { at: 'folder', path: join(root, '7', R1, 'artifacts') },
        series: [
          {
            key: 'train/loss',
            points: [
              [0, 1700000000001, 0.5],
              [1, 1700000000002, NaN],
              [1, 1700000000003, -Infinity],
            ],
          },
        ],
      },
    ])
  })

  it('of the first age has its id, its name and its experiment as they stood then', () => {
    const root = storeOf({
      '7/meta.yaml': 'artifact_location: /home/a/7\nexperiment_id: 7\nname: old\n',
      [`7/${R1}/meta.yaml`]: `experiment_id: 7\nname: tuning\nrun_uuid: ${R1}\nstart_time: 1500000000000\nstatus: 4\nuser_id: ada\n`,
      [`7/${R1}/metrics/acc`]: '1500000001 0.5\n1500000002 0.6\n',
    })
    const { experiments, runs, notes } = everythingOf(root)
    expect(experiments).toMatchObject([{ id: '7', name: 'old', createdAt: null, updatedAt: null }])
    expect(runs).toMatchObject([{ id: R1, name: 'tuning', status: 'failed', endedAt: null, artifacts: { at: 'none' } }])
    expect(runs[0]?.series).toEqual([
      {
        key: 'acc',
        points: [
          [0, 1500000001000, 0.5],
          [1, 1500000002000, 0.6],
        ],
      },
    ])
    expect(notes.map(({ why }) => why)).toEqual([
      'their points have no step, and got the order of their lines as one: 0, 1, 2, …',
      'the times of their points are in seconds, and were made milliseconds',
    ])
  })

  it('is deleted by its meta, or by the folder of its experiment whatever its meta says', () => {
    const { runs, experiments } = everythingOf(
      storeOf({
        '7/meta.yaml': experiment('7', 'churn'),
        [`7/${R1}/meta.yaml`]: run('7', R1, 'deleted_time: 1700000010000\nlifecycle_stage: deleted\n'),
        '.trash/8/meta.yaml': experiment('8', 'gone', 'last_update_time: 1700000020000\n'),
        [`.trash/8/${R2}/meta.yaml`]: run('8', R2),
        '.trash/8/models/m-1/meta.yaml': "experiment_id: '8'\nmodel_id: m-1\nname: m\nstatus: 2\n",
      }),
    )
    expect(experiments).toMatchObject([
      { id: '7', deleted: false },
      { id: '8', deleted: true },
    ])
    expect(runs).toMatchObject([
      { id: R1, deleted: true, deletedAt: 1700000010000 },
      { id: R2, deleted: true, deletedAt: 1700000020000 },
    ])
  })

  it('is read again once its meta is whole, and is not half a run until then', () => {
    const root = oneRun({}, run('7', R1).slice(0, 200))
    const cut = everythingOf(root)
    expect(cut.runs).toEqual([])
    expect(cut.notes).toEqual([
      { kind: 'skipped', what: `7/${R1}`, why: expect.stringMatching(/cut off, or is still being written$/) },
    ])
    writeFiles(root, { [`7/${R1}/meta.yaml`]: run('7', R1) })
    expect(everythingOf(root)).toMatchObject({ runs: [{ id: R1 }], notes: [] })
  })

  it.each([
    ['its meta.yaml is of run other', `${run('7', R1)}run_id: other\n`],
    ['its meta.yaml is of experiment 9', `${run('7', R1)}experiment_id: '9'\n`],
    ['it is not whole YAML (line 1)', '"'],
    ['it is empty', ' \n'],
  ])('is told of: %s', (why, meta) => {
    const { runs, notes } = everythingOf(oneRun({}, meta))
    expect([runs, notes]).toMatchObject([[], [{ kind: 'skipped', why }]])
  })

  it('keeps what can be read beside what can not', () => {
    const root = oneRun({
      'params/marked': '\uFEFFx',
      'params/latin': new Uint8Array([0x67, 0xf6]),
      'params/torn': 'a\0\0',
      'metrics/mixed': '1700000000001 1 0\nrubbish\n1700000000002 2 1\n',
      'metrics/empty': '',
      'metrics/.loss.Ab12Xy': '17000000',
      'tags/.DS_Store': 'x',
      'inputs/a/meta.yaml': 'source_type: DATASET\nsource_id: nowhere\ntags: {}\n',
      'inputs/b/meta.yaml': 'a: [',
    })
    const { runs, notes } = everythingOf(root)
    expect(runs[0]?.params).toEqual([
      { key: 'latin', value: 'gö' },
      { key: 'marked', value: 'x' },
      { key: 'torn', value: 'a' },
    ])
    expect(runs[0]?.series).toEqual([
      {
        key: 'mixed',
        points: [
          [0, 1700000000001, 1],
          [1, 1700000000002, 2],
        ],
      },
    ])
    expect(runs[0]?.tags).toEqual([])
    expect(notes.map(({ kind, what, why }) => [kind, what.replace(`7/${R1}/`, ''), why])).toEqual([
      ['skipped', 'inputs/b/meta.yaml', 'it is not whole YAML (line 1)'],
      ['changed', 'params/latin', 'it is not UTF-8, and was read as Windows-1252'],
      ['changed', 'params/marked', 'it begins with a byte order mark, which was left out'],
      ['changed', 'params/torn', 'NUL bytes in it were left out'],
      ['skipped', 'inputs/a', 'there is no dataset nowhere in its experiment'],
      ['skipped', 'metrics/.loss.Ab12Xy', 'it is a copy under way'],
      ['skipped', 'metrics/empty', 'it has no points'],
      ['skipped', 'metrics/mixed', 'a line of it is no point: “rubbish”'],
    ])
  })

  it('that is live keeps a last line without its end for the next reading', () => {
    const live = `${run('7', R1)}status: 1\nend_time: null\n`
    const root = oneRun({ 'metrics/loss': '1700000000001 1 0\n1700000000002 0.1' }, live)
    const before = everythingOf(root)
    expect(before.runs[0]?.series).toEqual([{ key: 'loss', points: [[0, 1700000000001, 1]] }])
    expect(before.notes).toMatchObject([
      { kind: 'noticed', why: expect.stringContaining('comes with the next import') },
    ])
    appendFileSync(join(root, '7', R1, 'metrics', 'loss'), '25 1\n')
    const after = everythingOf(root)
    expect(after.runs[0]?.series[0]?.points[1]).toEqual([1, 1700000000002, 0.125])
    expect(after.runs[0]?.fingerprint).not.toBe(before.runs[0]?.fingerprint)
  })

  it('that has ended gives its last line as it stands, and says so', () => {
    const { runs, notes } = everythingOf(oneRun({ 'metrics/loss': '1700000000001 1 0\n1700000000002 0.5 1' }))
    expect(runs[0]?.series[0]?.points).toHaveLength(2)
    expect(notes).toMatchObject([{ kind: 'noticed', why: 'its last line has no end: it may have been cut off' }])
  })

  it('reads metrics longer than what is read at once', () => {
    const lines = Array.from({ length: 80_000 }, (_, at) => `${1700000000000 + at} ${at / 8} ${at}\n`)
    const { runs, notes } = everythingOf(oneRun({ 'metrics/loss': lines.join(''), 'metrics/one': 'x'.repeat(3 << 20) }))
    expect(notes).toEqual([
      {
        kind: 'skipped',
        what: `7/${R1}/metrics/one`,
        why: expect.stringMatching(/^3 lines of it are no points: “x{60}”$/),
      },
    ])
    expect(runs[0]?.series.map(({ key, points }) => [key, points.length, points.at(-1)])).toEqual([
      ['loss', 80_000, [79_999, 1700000079999, 79_999 / 8]],
    ])
  })
})

it('a run that went after it was listed is an error of its own', () => {
  const root = oneRun({ 'params/a': '1' })
  const store = openStore(root, () => {})
  const [listed] = [...store.runs('7')]
  rmSync(join(root, '7', R1), { recursive: true })
  expect(() => store.contents(listed!)).toThrow(expect.objectContaining({ code: 'corrupt' }))
})

describe('a fingerprint', () => {
  it('changes with any file of the run but its artifacts, and with nothing else', () => {
    const root = oneRun({ 'params/a': '1', 'metrics/m': '1 1 1\n', 'tags/t': 'x', 'artifacts/f': '1' })
    const now = (): string => everythingOf(root).runs[0]?.fingerprint ?? ''
    const inRun = (path: string): string => join(root, '7', R1, path)
    const first = now()
    writeFileSync(inRun('artifacts/g'), '2')
    utimesSync(join(root, '7', 'meta.yaml'), 1, 1)
    expect(now()).toBe(first)
    const seen = [first]
    const changes: readonly (() => void)[] = [
      () => writeFiles(root, { [`7/${R1}/params/b`]: '1' }),
      () => appendFileSync(inRun('metrics/m'), '2 2 2\n'),
      () => utimesSync(inRun('tags/t'), 5, 5),
      () => writeFiles(root, { [`7/${R1}/outputs/m-1/meta.yaml`]: 'step: 1\n' }),
      () => rmSync(inRun('tags/t')),
      () => truncateSync(inRun('metrics/m'), 3),
    ]
    for (const change of changes) {
      change()
      expect(seen).not.toContain(now())
      seen.push(now())
    }
    mkdirSync(join(root, '.trash'))
    renameSync(join(root, '7'), join(root, '.trash', '7'))
    expect(seen).not.toContain(now())
  })
})

describe('links', () => {
  it('are not followed out of the store, and end in circles', () => {
    const outside = tempFolder()
    writeFiles(outside, { secret: 'x', [`${R2}/meta.yaml`]: run('7', R2), 'meta.yaml': run('7', R2) })
    const root = oneRun({ 'params/a': '1' })
    symlinkSync(join(outside, 'secret'), join(root, '7', R1, 'params', 'b'))
    symlinkSync('a', join(root, '7', R1, 'params', 'c'))
    symlinkSync('.', join(root, '7', R1, 'params', 'loop'))
    symlinkSync(join(outside, R2), join(root, '7', R2))
    symlinkSync('..', join(root, '7', 'up'))
    symlinkSync('nowhere', join(root, '8'))
    mkdirSync(join(root, '7', '3'.repeat(32)))
    symlinkSync(join(outside, 'meta.yaml'), join(root, '7', '3'.repeat(32), 'meta.yaml'))
    const { runs, notes } = everythingOf(root)
    expect(runs.map(({ id, params }) => [id, params])).toEqual([
      [
        R1,
        [
          { key: 'a', value: '1' },
          { key: 'c', value: '1' },
        ],
      ],
    ])
    expect(notes.map(({ what, why }) => [what.replace(R1, 'R1').replace(R2, 'R2'), why])).toEqual(
      expect.arrayContaining([
        ['8', 'it is a link that leads nowhere (ENOENT)'],
        ['7/R2', 'it is a link that leads out of the store'],
        [`7/${'3'.repeat(32)}/meta.yaml`, 'it is no file'],
        ['7/R1/params/b', 'it is a link that leads out of the store'],
        ['7/R1/params/loop', 'it is a link to a folder of the same store'],
      ]),
    )
    const link = join(tempFolder(), 'runs')
    symlinkSync(root, link)
    expect(everythingOf(link).runs.map(({ id }) => id)).toEqual([R1])
  })
})

it.skipIf(process.platform === 'win32')('does not wait for a pipe that nobody writes to', () => {
  const root = oneRun({ 'params/a': '1' })
  mkdirSync(join(root, '7', R2))
  for (const pipe of [join(root, '7', R1, 'params', 'p'), join(root, '7', R2, 'meta.yaml')])
    execFileSync('mkfifo', [pipe])
  const { runs, notes } = everythingOf(root)
  expect(runs.map(({ id, params }) => [id, params.length])).toEqual([[R1, 1]])
  expect(notes.map(({ why }) => why)).toEqual(['it is no file', 'it is neither a file nor a folder'])
})

describe('a store', () => {
  it('gives the runs of some ids alone', () => {
    const root = oneRun({})
    writeFiles(root, { [`7/${R2}/meta.yaml`]: run('7', R2, 'start_time: 1600000000000\n') })
    const store = openStore(root, () => {})
    const ids = (only?: ReadonlySet<string>): readonly string[] => [...store.runs('7', only)].map(({ id }) => id)
    expect([ids(), ids(new Set([R1])), ids(new Set())]).toEqual([[R2, R1], [R1], []])
  })

  it('that is gone is an error, never runs without contents', () => {
    const root = oneRun({ 'params/a': '1' })
    const store = openStore(root, () => {})
    store.experiments()
    const [first] = [...store.runs('7')]
    if (first === undefined) throw new Error('no run')
    rmSync(root, { recursive: true })
    for (const call of [() => store.experiments(), () => [...store.runs('7')], () => store.contents(first)]) {
      expect(call).toThrow(AppError)
    }
    expect(() => openStore(root, () => {})).toThrow(`${root} is not there.`)
  })

  it('tells of experiments that come not, and of traces', () => {
    const { experiments, notes } = everythingOf(
      storeOf({
        '1/meta.yaml': experiment('1', 'one'),
        '1/traces/tr-1/trace_info.yaml': 'trace_id: tr-1\n',
        '2/meta.yaml': experiment('3', 'moved'),
        '4/meta.yaml': "experiment_id: '4'\n",
        [`5/${R1}/meta.yaml`]: run('5', R1),
        '6/plots/a.png': 'x',
        '.trash/1/meta.yaml': experiment('1', 'twice'),
        '700000000000000001/meta.yaml': 'experiment_id: 700000000000000001\nname: x\n',
      }),
    )
    expect(experiments.map(({ id }) => id)).toEqual(['1', '700000000000000001'])
    expect(notes).toEqual([
      { kind: 'skipped', what: '2', why: 'its meta.yaml is of experiment 3' },
      { kind: 'skipped', what: '4', why: 'its meta.yaml has no name: it was cut off, or is still being written' },
      { kind: 'skipped', what: '5', why: 'it has runs, and no meta.yaml that says of which experiment' },
      { kind: 'skipped', what: '.trash/1', why: 'experiment 1 is there without it' },
      { kind: 'skipped', what: '1 traces', why: 'traces are not taken in' },
    ])
  })
})
