import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { runPython } from '../support/run-python.ts'
import { logOf, type ScriptApp, startScriptApp } from './app-for-scripts.ts'
import { eventually } from '#test/setup/eventually.ts'

const names = (list: readonly { readonly key: string }[]): readonly string[] => list.map(({ key }) => key)
const param = (params: readonly { readonly key: string; readonly value: string }[], key: string): string | undefined =>
  params.find((one) => one.key === key)?.value

describeWith(['python', 'torch'], 'scripts that know nothing of us', ({ python, torch }) => {
  let app: ScriptApp
  beforeAll(async () => {
    app = await startScriptApp()
  })
  afterAll(() => app.close())

  it('one that only prints: parameters with defaults, curves from the log, written files, environment', async () => {
    const run = await app.launch([python, 'train.py', '--epochs', '3', '--hidden', '8'])
    expect(run.status, await logOf(app, run.id)).toBe('finished')
    expect([param(run.params, 'epochs'), param(run.params, 'hidden'), param(run.params, 'seed')]).toEqual([
      '3',
      '8',
      '7',
    ])
    const curves = run.metrics.filter(({ origin }) => origin === 'log')
    expect([...names(curves)].toSorted()).toEqual(['train_loss', 'val_acc', 'val_loss', 'val_recall'])
    expect(new Set(curves.map(({ count }) => count))).toEqual(new Set([3]))
    const points = await app.client.metrics.series({ project: app.project, run: run.id, key: 'val_acc' })
    expect([...points.step]).toEqual([1, 2, 3])
    expect(run.python?.packages['mlflow']).toBe('3.17.2')
    const written = await app.client.artifacts.written({ project: app.project, run: run.id })
    expect(written.map(({ path }) => path).toSorted()).toEqual(
      expect.arrayContaining(['outputs/confusion_matrix.svg', 'outputs/model.json', 'outputs/predictions.csv']),
    )
  })

  it('the same again with another parameter: what changed is said', async () => {
    const run = await app.launch([python, 'train.py', '--epochs', '3', '--hidden', '16'])
    const changed = await app.client.runs.changed({ project: app.project, run: run.id })
    expect(changed.previous).not.toBeNull()
    expect(changed.params).toEqual([{ key: 'hidden', before: '8', now: '16' }])
    expect([changed.packages, changed.samePackages > 10]).toEqual([[], true])
    expect(changed.metrics.map(({ key, step }) => [key, step])).toContainEqual(['val_acc', 3])
  })

  it('scikit-learn with mlflow.autolog(): its runs, parameters, metrics and model', async () => {
    const run = await app.launch([python, 'train_sklearn.py'])
    expect(run.status, await logOf(app, run.id)).toBe('finished')
    expect(run.metrics.some(({ key, origin }) => origin === 'logged' && key.startsWith('training_'))).toBe(true)
    expect(run.params.some(({ origin }) => origin === 'logged')).toBe(true)
    expect(run.models.map(({ status }) => status)).toEqual(['ready'])
    const files = await app.client.artifacts.list({
      project: app.project,
      run: run.id,
      place: 'model',
      model: run.models[0]?.id ?? '',
    })
    expect(files.entries.map(({ name }) => name)).toContain('MLmodel')
  })

  it('PyTorch with the real client: set_experiment, five folds nested in the launched run', async () => {
    const run = await app.launch([
      torch,
      'train_torch.py',
      '--folds',
      '5',
      '--nested',
      '--epochs',
      '2',
      '--hidden',
      '4',
    ])
    expect(run.status, await logOf(app, run.id)).toBe('finished')
    expect(run.experiment.name).not.toBe('Default')
    expect(run.children).toHaveLength(5)
    const children = await Promise.all(run.children.map(({ id }) => app.detail(id)))
    for (const child of children) {
      expect([child.status, child.metrics.find(({ key }) => key === 'val_loss')?.count, child.models.length]).toEqual([
        'finished',
        2,
        1,
      ])
    }
  })

  it('Hydra: overrides and the composed configuration', async () => {
    const run = await app.launch([python, 'train_hydra.py', 'epochs=2', 'hidden=4'])
    expect(run.status, await logOf(app, run.id)).toBe('finished')
    // The composed configuration is found among the written files, shortly after the end.
    await eventually(async () => {
      const { params } = await app.detail(run.id)
      expect([param(params, 'epochs'), param(params, 'hidden'), param(params, 'lr')]).toEqual([
        '2',
        '4',
        expect.any(String),
      ])
    })
    expect(run.metrics.find(({ key }) => key === 'val_acc')?.count).toBe(2)
  })

  it('one started from a plain terminal with the variable set: captured alike, and closed when killed', async () => {
    const script =
      'import mlflow, os, time\nwith mlflow.start_run(run_name="plain"):\n    mlflow.log_metric("loss", 0.5, step=1)\n    time.sleep(1)\n    os.kill(os.getpid(), 9)\n'
    await runPython(python, ['-c', script], {
      cwd: app.folder,
      environment: { MLFLOW_TRACKING_URI: app.trackingUri },
    }).catch(() => {})
    const run = await eventually(async () => {
      const [found] = await app.client.runs.find({ project: app.project, text: 'plain', limit: 1 })
      const detail = await app.detail(found?.id ?? '')
      expect(detail.status).toBe('killed')
      return detail
    })
    expect(run.metrics.map(({ key, last }) => [key, last])).toEqual(expect.arrayContaining([['loss', 0.5]]))
  })

  it('benchtop.py: read once, through the spool', async () => {
    const script =
      'import benchtop\nwith benchtop.init(name="by hand", config={"lr": 0.1}) as run:\n    for step in range(5):\n        run.log({"loss": 1 / (step + 1)}, step=step)\n'
    const { env } = process
    await runPython(python, ['-c', script], {
      cwd: app.folder,
      environment: {
        BENCHTOP_HOME: env['BENCHTOP_HOME'] ?? app.folder.replace(/sample$/, 'data'),
        PYTHONPATH: new URL('../../../resources/python', import.meta.url).pathname,
      },
    })
    const run = await eventually(async () => {
      const [found] = await app.client.runs.find({ project: app.project, text: 'by hand', limit: 1 })
      const detail = await app.detail(found?.id ?? '')
      expect(detail.status).toBe('finished')
      return detail
    })
    expect([param(run.params, 'lr'), run.metrics.find(({ key }) => key === 'loss')?.count, run.source]).toEqual([
      '0.1',
      5,
      'spool',
    ])
  })
})
