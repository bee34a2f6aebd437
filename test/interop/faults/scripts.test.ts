import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunDetail } from '#shared/contract/runs.ts'
import { printValue } from '#shared/domain/filter/print.ts'
import { readProcStat } from '#electron/platform/process/identity.ts'
import { findProgram } from '#electron/platform/process/find-program.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { type BuiltApp, endOf, openBuiltApp } from '../support/built-app.ts'
import { eventually } from '#test/setup/eventually.ts'

const ENDED: ReadonlySet<RunDetail['status']> = new Set(['finished', 'failed', 'killed', 'lost'])

describeWith(['mlflow', 'git'], 'scripts that do what scripts do', ({ mlflow }) => {
  let app: BuiltApp
  let project: string
  beforeAll(async () => {
    app = await openBuiltApp({ python: mlflow })
    await app.benchtop(['run', '-q', 'true'])
    project = (await app.client().projects.recent({}))[0]?.id ?? ''
  })
  afterAll(() => app.close())

  const file = (name: string, text: string): void => writeFileSync(join(app.project, name), text)
  const detailOf = async (name: string): Promise<RunDetail> => {
    const run = (await app.client().runs.find({ project, text: name })).find((one) => one.name === name)
    if (run === undefined) throw new Error(`There is no run ${name}.`)
    return app.client().runs.get({ project, run: run.id })
  }
  const endOfRun = (name: string): Promise<RunDetail> =>
    eventually(async () => {
      const detail = await detailOf(name)
      if (!ENDED.has(detail.status)) throw new Error(`${name} is ${detail.status}`)
      return detail
    })
  const logOf = async (name: string) =>
    app.client().launch.log({ project, run: (await detailOf(name)).id, limit: 10_000 })

  it('one that is not there: Python says so here, and the window before anything starts', async () => {
    const here = await app.benchtop(['run', '-n', 'absent', 'python3', 'absent.py'])
    expect(here).toMatchObject({ code: 2, stderr: expect.stringMatching(/can't open file .*absent\.py/) })
    expect(await endOfRun('absent')).toMatchObject({
      status: 'failed',
      exitCode: 2,
      ending: 'Ended by its own error, with exit code 2.',
    })
    const behind = await app.benchtop(['run', '--detach', 'python3', 'absent.py'])
    expect(behind).toMatchObject({ code: 2, stderr: `There is no script absent.py in ${app.project}.\n` })
  })

  it('without a Python: said with what to do, and the run has the reason', async () => {
    const bin = join(app.home, 'bin')
    mkdirSync(bin)
    for (const name of ['sh', 'readlink', 'dirname', 'date', 'sleep', 'mkfifo', 'git', 'env'])
      symlinkSync(findProgram(name, app.project, process.env['PATH']) ?? '', join(bin, name))
    file('train.py', 'print("epoch 1 loss 0.5")')
    const end = await app.benchtop(['run', '-n', 'pythonless', 'python3', 'train.py'], { environment: { PATH: bin } })
    expect(end).toMatchObject({ code: 127, stderr: expect.stringContaining('There is no program "python3"') })
    expect(await endOfRun('pythonless')).toMatchObject({
      status: 'failed',
      exitCode: 127,
      ending: expect.stringContaining('There is no program "python3"'),
    })
    const spec = { command: ['python3.99', 'train.py'] }
    const { problems } = await app.client().launch.preview({ project, spec })
    expect(problems).toEqual([
      { message: 'There is no python3.99 on PATH. Choose an interpreter, or install Python.', field: 'command' },
    ])
  })

  it('printing 100 MB in a second: all of it arrives and is kept, and the last line is read', async () => {
    file(
      'loud.py',
      `import sys\nline = b'x' * 999 + b'\\n'\nfor _ in range(100_000): sys.stdout.buffer.write(line)\nprint('epoch 1 loss 0.5')\n`,
    )
    const child = app.start(['run', '-q', '-n', 'loud', 'python3', 'loud.py'])
    let bytes = 0
    child.stdout?.on('data', (piece: Buffer) => (bytes += piece.length))
    // Meanwhile everything else goes on.
    for (let calls = 0; calls < 20; calls++) await app.client().system.info({})
    expect((await endOf(child)).code).toBe(0)
    expect(bytes).toBe(100_000_000 + 'epoch 1 loss 0.5\n'.length)
    await eventually(async () =>
      expect((await detailOf('loud')).metrics.find(({ key }) => key === 'loss')?.last).toBe(0.5),
    )
    const { id } = await detailOf('loud')
    const page = await app.client().launch.log({ project, run: id, from: 99_999, limit: 10 })
    expect([page.total, page.bytes, page.lines.map(({ text }) => text.slice(0, 20))]).toEqual([
      100_001,
      bytes,
      ['x'.repeat(20), 'epoch 1 loss 0.5'],
    ])
  })

  it('printing one line of 50 MB, and binary bytes: shown as lines, no metric invented', async () => {
    file(
      'binary.py',
      `import os, sys\nsys.stdout.buffer.write(b'y' * 50_000_000)\nsys.stdout.buffer.write(b'\\n' + os.urandom(1_000_000) + b'\\n\\xff\\xfe\\x00 loss=1\\n')\n`,
    )
    const end = await app.benchtop(['run', '-q', '-n', 'binary', 'python3', 'binary.py'])
    expect([end.code, end.stdout.startsWith('yyyy')]).toEqual([0, true])
    const { status, metrics } = await endOfRun('binary')
    expect([status, metrics.filter(({ origin }) => origin === 'log')]).toEqual(['finished', []])
    const { lines } = await logOf('binary')
    expect(lines[0]?.text.startsWith('yyyy')).toBe(true)
    expect(lines.length).toBeGreaterThan(3)
  })

  it('that leaves children behind: it ends when it ends, and they live', async () => {
    file(
      'parent.py',
      `import subprocess, sys\nchild = subprocess.Popen(['sleep', '300'])\nprint(child.pid, flush=True)\n`,
    )
    const end = await app.benchtop(['run', '-q', '-n', 'parent', 'python3', 'parent.py'])
    const child = Number(end.stdout)
    expect(end.code).toBe(0)
    expect((await endOfRun('parent')).status).toBe('finished')
    expect(readProcStat(child)?.state).toBe('S')
    process.kill(child, 'SIGKILL')
  })

  it('that ignores SIGINT and SIGTERM, with children that do too: stopped at the third word, all of them', async () => {
    file(
      'stubborn.sh',
      `trap '' INT TERM\nsh -c "trap '' INT TERM; sleep 300" &\nsh -c "trap '' INT TERM; while :; do sleep 1; done" &\necho ready\nwait; wait\n`,
    )
    await app.benchtop(['run', '-d', '-n', 'stubborn', 'sh', 'stubborn.sh'])
    await eventually(async () => expect((await logOf('stubborn')).lines.map(({ text }) => text)).toEqual(['ready']))
    const before = pidsOf('stubborn.sh')
    expect(before.length).toBeGreaterThan(0)
    const tree = before.flatMap((pid) => [pid, ...childrenOf(pid)])
    const said: string[] = []
    for (let word = 0; word < 3; word++) said.push((await app.benchtop(['stop', 'stubborn'])).stdout)
    expect(said.map((text) => /^Sent (\w+)/.exec(text)?.[1])).toEqual(['SIGINT', 'SIGTERM', 'SIGKILL'])
    expect(await endOfRun('stubborn')).toMatchObject({ status: 'killed', ending: 'Stopped by SIGKILL.' })
    await eventually(() => expect(tree.filter((pid) => isRunning(pid))).toEqual([]))
    expect(tree.length).toBeGreaterThanOrEqual(3)
  })

  it('in a folder of 200,000 untracked files: starts all the same, and says what it left out', async () => {
    const many = join(app.project, 'many')
    mkdirSync(many)
    for (let index = 0; index < 200_000; index++) closeSync(openSync(join(many, `file-${index}`), 'w'))
    const end = await app.benchtop(['run', '-q', '-n', 'crowded', 'python3', 'train.py'])
    expect(end).toMatchObject({ code: 0, stdout: 'epoch 1 loss 0.5\n', stderr: '' })
    const git = await eventually(async () => {
      const found = (await detailOf('crowded')).git
      if (found === null) throw new Error('Nothing is known of the code yet.')
      return found
    })
    expect(git.commit).toMatch(/^[0-9a-f]{40}$/)
    // Either all were counted, or it is said that they were not.
    expect(git.untrackedCount >= 200_000 || git.leftOut.length > 0).toBe(true)
    expect(git.untracked.length).toBeLessThan(10_000)
    await app.client().projects.get({ project })
    execFileSync('rm', ['-rf', many])
  })

  it('with values of a megabyte: kept or refused in words, and never in the way', async () => {
    const megabyte = 'v'.repeat(1 << 20)
    file('large.json', JSON.stringify({ lr: 0.1, prompt: megabyte }))
    file(
      'large.py',
      `import mlflow, sys
from mlflow.exceptions import MlflowException
import benchtop
megabyte = 'v' * (1 << 20)
with mlflow.start_run():
    mlflow.log_param('small', 'x')
    for what in (lambda: mlflow.log_param('large', megabyte), lambda: mlflow.set_tag('large', megabyte), lambda: mlflow.log_metric('m' * 300, 1)):
        try:
            what(); print('taken')
        except MlflowException as error:
            print('refused', len(str(error)) < 5000)
    mlflow.log_metric('loss', 0.5)
`,
    )
    const end = await app.benchtop(['run', '-q', '-n', 'large', 'python3', 'large.py', '--config', 'large.json'])
    expect([end.code, end.stderr]).toEqual([0, ''])
    expect(end.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('taken'))).toEqual(
      expect.arrayContaining(['refused True']),
    )
    const detail = await endOfRun('large')
    expect(detail.params.find(({ key }) => key === 'small')?.value).toBe('x')
    expect(detail.params.find(({ key }) => key === 'lr')?.value).toBe('0.1')
    expect(detail.metrics.find(({ key }) => key === 'loss')?.last).toBe(0.5)
    const shown = await app.benchtop(['show', 'large'])
    expect(Math.max(...shown.stdout.split('\n').map((line) => line.length))).toBeLessThan(600)
    const table = await app.benchtop(['runs', '-c', 'prompt,lr', '-n', '3'])
    expect(Math.max(...table.stdout.split('\n').map((line) => line.length))).toBeLessThan(300)
  })

  it('with NaN and infinities, logged and printed: kept, shown, exported', async () => {
    file(
      'odd.py',
      `import math, mlflow
print('epoch 1 printed nan'); print('epoch 2 printed inf'); print('epoch 3 printed -inf'); print('epoch 4 printed=0.5')
with mlflow.start_run():
    for step, value in enumerate([1.0, math.nan, math.inf, -math.inf, 2.0]):
        mlflow.log_metric('loss', value, step=step)
    mlflow.log_metrics({'a': math.nan, 'b': -math.inf, 'zero': -0.0}, step=1)
`,
    )
    expect((await app.benchtop(['run', '-q', '-n', 'odd', 'python3', 'odd.py'])).code).toBe(0)
    const { id } = await endOfRun('odd')
    const series = async (key: string) => [...(await app.client().metrics.series({ project, run: id, key })).value]
    expect(await series('loss')).toEqual([1, Number.NaN, Infinity, -Infinity, 2])
    await eventually(async () => expect(await series('printed')).toEqual([Number.NaN, Infinity, -Infinity, 0.5]))
    const csv = await app.benchtop(['metrics', 'odd', 'loss', '--csv'])
    expect(csv.stdout.split('\r\n').map((line) => line.split(',')[2])).toEqual([
      'value',
      '1',
      'NaN',
      'Infinity',
      '-Infinity',
      '2',
      undefined,
    ])
    const json = await app.benchtop(['runs', "name = 'odd'", '--json', '-c', 'a,b,loss,metric:loss:max'])
    expect(JSON.parse(json.stdout)).toMatchObject([{ a: 'NaN', b: '-Infinity', loss: 2 }])
    const [level] = await app.client().metrics.levels({ project, series: [{ run: id, key: 'loss' }], width: 100 })
    expect([[...(level?.oddX ?? [])], [...(level?.oddKind ?? [])]]).toEqual([
      [1, 2, 3],
      [0, 1, -1],
    ])
    expect((await app.benchtop(['compare', 'odd', 'large'])).code).toBe(0)
  })

  it('with unicode everywhere: folder, file, arguments, names, keys, values, tags, files', async () => {
    const folder = join(app.project, 'mühle 漢字 🎲')
    mkdirSync(folder)
    writeFileSync(
      join(folder, 'träin.py'),
      `import argparse, mlflow, sys
p = argparse.ArgumentParser(); p.add_argument('--größe', default='klein'); args = p.parse_args()
print('ütf-8 漢字 🎲'); print('epoch 1 genauigkeit=0.5 損失=0.25'); print('שלום', file=sys.stderr)
mlflow.set_experiment('Étude 漢')
with mlflow.start_run(run_name='Lauf 🎲 e\\u0301'):
    mlflow.log_param('ключ', 'значение'); mlflow.set_tag('тег', '値 "x", \\'y\\''); mlflow.log_metric('точность', 0.75)
    mlflow.log_text('héllo', 'bericht/ergebnis 漢.txt')
`,
    )
    const end = await app.benchtop(['run', '-q', 'python3', 'träin.py', '--größe', 'groß 🎲'], { cwd: folder })
    expect([end.code, end.stdout.split('\n').slice(0, 2)]).toEqual([
      0,
      ['ütf-8 漢字 🎲', 'epoch 1 genauigkeit=0.5 損失=0.25'],
    ])
    const detail = await endOfRun('Lauf 🎲 e\u0301')
    expect(detail.experiment.name).toBe('Étude 漢')
    expect(detail.params.map(({ key, value }) => `${key}=${value}`)).toEqual(
      expect.arrayContaining(['ключ=значение', 'größe=groß 🎲']),
    )
    expect(detail.tags).toContainEqual({ key: 'тег', value: `値 "x", 'y'` })
    expect(detail.metrics.map(({ key }) => key)).toEqual(expect.arrayContaining(['точность', 'genauigkeit', '損失']))
    const { entries } = await app.client().artifacts.list({ project, run: detail.id, path: 'bericht' })
    expect(entries.map(({ name }) => name)).toEqual(['ergebnis 漢.txt'])
    const tag = printValue({ kind: 'string', text: `値 "x", 'y'`, span: { from: 0, to: 0 } })
    const words = ['runs', `точность > 0.5 and tags.тег = ${tag}`, '-c', 'точность,ключ,größe']
    const filtered = await app.benchtop(words, { cwd: folder })
    expect(filtered.stdout + filtered.stderr).toContain('Lauf 🎲')
    expect((await app.benchtop(['show', 'Lauf 🎲 e\u0301'])).stdout).toContain('größe')
    expect((await logOf('Lauf 🎲 e\u0301')).lines.map(({ text }) => text)).toContain('שלום')
  })

  it('with 10,000 artifacts: listed whole, by us and by the client', async () => {
    file('wide.py', `import mlflow\nwith mlflow.start_run():\n    mlflow.log_text('x', 'many/first.txt')\n`)
    await app.benchtop(['run', '-q', '-n', 'wide', 'python3', 'wide.py'])
    const { id, artifactFolder } = await endOfRun('wide')
    const many = join(artifactFolder, 'many')
    for (let index = 1; index < 10_000; index++) writeFileSync(join(many, `part-${index}.txt`), 'x')
    expect(readdirSync(many).length).toBe(10_000)
    const { entries, truncated } = await app.client().artifacts.list({ project, run: id, path: 'many' })
    expect([entries.length, truncated]).toEqual([10_000, false])
    const { trackingUri } = await app.client().projects.get({ project })
    const script = `import mlflow, sys; print(len(mlflow.MlflowClient().list_artifacts(sys.argv[1], 'many')))`
    const counted = execFileSync(mlflow, ['-c', script, id], {
      cwd: app.home,
      env: { ...app.environment, MLFLOW_TRACKING_URI: trackingUri },
      encoding: 'utf8',
    })
    expect(counted).toBe('10000\n')
    const preview = await app.client().runs.deletionPreview({ project, runs: [id] })
    expect(preview.files).toBeGreaterThanOrEqual(10_000)
  })

  it('and after all of that nothing went wrong inside', () => {
    expect(app.log().match(/"level":"error".*/g) ?? []).toEqual([])
  })
})

/** Processes with this word in their command line. */
function pidsOf(word: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && commandOf(pid).includes(word))
}

function childrenOf(parent: number): readonly number[] {
  const direct = readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && readProcStat(pid)?.parent === parent)
  return direct.flatMap((pid) => [pid, ...childrenOf(pid)])
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function isRunning(pid: number): boolean {
  const state = readProcStat(pid)?.state
  return state !== undefined && state !== 'Z'
}
