import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestBackend, type TestBackend } from '#electron/backend/backend.fixture.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { runScript } from './support/tour.ts'

let server: TestBackend
beforeAll(async () => void (server = await startTestBackend()))
afterAll(() => server?.close())

describeWith(['python'], 'the real client', ({ python }) => {
  it('in twenty processes at once that log, write and read files, search and register: nothing is refused, nothing is lost', async () => {
    const { ANSWERS } = await runScript(python, 'processes', [server.backend.url])
    expect(ANSWERS).toEqual({
      'exit codes': Array.from({ length: 20 }, () => 0),
      runs: 21,
      lost: [],
      params: [20],
      statuses: ['FINISHED'],
      'shared tags': 20,
      texts: [4],
      'shared texts': 80,
      versions: Array.from({ length: 80 }, (_, index) => index + 1),
      aliases: 20,
      models: 20,
    })
    const log = readFileSync(join(server.root, 'data', 'logs', 'backend.log'), 'utf8')
    expect(log).not.toMatch(/"level":"error"|locked/)
  })

  it('reads 1,500 runs to the end in pages of any size, 60,000 points of a metric and 10,000 artifacts', async () => {
    const { experiment, run } = await manyThings()
    const { ANSWERS } = await runScript(python, 'pages', [server.backend.url, experiment, run])
    expect(ANSWERS).toEqual({
      'pages of 100': [15, 100, true],
      'pages of 499': [4, 3, true],
      'pages of 500': [3, 500, true],
      'pages of 1500': [1, 1500, true],
      'pages of 1501': [1, 1500, true],
      'all at once': 150,
      'last of history': 59_999,
      'length of history': 60_000,
      files: [10_000, 'many/00000.txt', 'many/09999.txt', 50_000],
    })
  })

  it('traces, gives feedback and autologs in vain: runs go on, nothing is tried again, and prompts are kept', async () => {
    const { ANSWERS } = await runScript(python, 'without_traces', [server.backend.url])
    expect(ANSWERS).toEqual({
      traced: 41,
      run: ['FINISHED', 1, '300', 1],
      trace: [true, null],
      refused: {
        feedback: 'ENDPOINT_NOT_FOUND',
        expectation: 'ENDPOINT_NOT_FOUND',
        tag: 'ENDPOINT_NOT_FOUND',
        search: 'ENDPOINT_NOT_FOUND',
        delete: 'ENDPOINT_NOT_FOUND',
        webhooks: 'ENDPOINT_NOT_FOUND',
        datasets: 'ENDPOINT_NOT_FOUND',
        workspaces: 'FEATURE_DISABLED',
      },
      prompts: ['Hi {{name}}', ['greeting'], false],
      'tried again': [],
    })
  })

  it('autologs scikit-learn with its model behind the address of a project, and loads the model back', async () => {
    const { clientServices } = server.backend.features
    const { id } = clientServices.projects.inbox()
    const { ANSWERS } = await runScript(python, 'autolog', [`${server.backend.url}/p/${id}`])
    expect(ANSWERS).toEqual({
      cv: '2',
      best: true,
      metrics: expect.arrayContaining(['best_cv_score', 'training_accuracy_score', 'training_log_loss']) as unknown,
      inputs: ['dataset'],
      children: 2,
      same: true,
      artifacts: ['cv_results.csv', 'estimator.html', 'training_confusion_matrix.png'],
    })
  })
})

describeWith(['torch'], 'the real client beside PyTorch', ({ torch }) => {
  it('autologs Lightning, and loads the model back', async () => {
    const { ANSWERS } = await runScript(torch, 'lightning_autolog', [server.backend.url])
    expect(ANSWERS).toEqual({
      metrics: ['train_loss', 'val_loss'],
      steps: [0, 1, 2],
      falls: true,
      epochs: '3',
      shape: [64, 1],
    })
  })
})

/** 1,500 runs, of which one has a long history and many artifacts: made without the client, which would take its time. */
async function manyThings(): Promise<{ readonly experiment: string; readonly run: string }> {
  const { runs, projects } = server.backend.features.clientServices
  const project = projects.inbox()
  const { id: experiment } = await runs.createExperiment(project, { name: 'many' })
  const made = await runs.write(project, (writes) =>
    Array.from({ length: 1_500 }, (_, index) => {
      const { id } = writes.createRun({ source: 'client', experiment, name: String(index) })
      writes.logParams(id, [{ key: 'p', value: String(index % 10) }], 'logged', null)
      writes.logMetrics(id, [{ key: 'm', value: index, time: 1, step: 0 }])
      return id
    }),
  )
  const run = made[0] ?? ''
  const points = Array.from({ length: 60_000 }, (_, step) => ({
    key: 'long',
    value: step / 8,
    time: 1e12 + step,
    step,
  }))
  await runs.logMetrics(project, run, points)
  const folder = join(project.artifactsFolder, run, 'artifacts', 'many')
  mkdirSync(folder, { recursive: true })
  for (let index = 0; index < 10_000; index++)
    writeFileSync(join(folder, `${String(index).padStart(5, '0')}.txt`), 'hello')
  return { experiment, run }
}
