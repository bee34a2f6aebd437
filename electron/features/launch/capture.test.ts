import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { until } from '#electron/shim/shim-process.fixture.ts'
import { type Bench, bench, CONTEXT, spec } from './bench.fixture.ts'
import { launchesOfRun } from './queries.ts'

/** Runs a command to its very end. */
async function run(b: Bench, command: readonly string[], more: Parameters<typeof spec>[1] = {}): Promise<string> {
  const { run: id } = await b.launch.handlers.start(
    { project: b.project.id, spec: spec(command, more), queue: false },
    CONTEXT,
  )
  await until(() => launchesOfRun(b.project, id).at(-1)?.state === 'ended', 'the end of the run')
  return id
}

const captured = (b: Bench, id: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    b.project.db
      .all<{ readonly key: string; readonly value: string; readonly source: string }>(
        `SELECT key, value, source FROM param WHERE run = ? AND origin = 'captured' ORDER BY key`,
        b.runs.getRun(b.project, id).number,
      )
      .map(({ key, value, source }) => [key, `${value} (${source})`]),
  )
const artifacts = (b: Bench, id: string): readonly string[] => {
  const folder = join(b.project.artifactsFolder, id, 'artifacts')
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .map(String)
        .filter((path) => statSync(join(folder, path)).isFile())
        .toSorted()
    : []
}

describe('without a changed line', () => {
  it('the values that argparse made of the arguments, with their defaults, and the seeds', async () => {
    const b = await bench()
    b.file(
      'train.py',
      `import argparse, random
p = argparse.ArgumentParser()
p.add_argument("data"); p.add_argument("--learning-rate", "-l", type=float, default=0.5); p.add_argument("--epochs", type=int, default=3)
p.add_argument("--seed", type=int, default=7); p.add_argument("--api-key")
a = p.parse_args(); random.seed(a.seed)
print("epoch 1 loss 0.5")
`,
    )
    const id = await run(b, ['python3', 'train.py', 'x.csv', '-l', '1e-3', '--api-key', 'hunter2secret'])
    expect(captured(b, id)).toEqual({
      api_key: '‹secret: key› (argparse)',
      data: 'x.csv (argparse)',
      epochs: '3 (argparse)',
      learning_rate: '0.001 (argparse)',
      seed: '7 (argparse)',
    })
    expect(b.runs.getFact(b.project, id, 'seeds')).toEqual({ random: '7', seed: '7' })
    const python = b.runs.getFact(b.project, id, 'python')
    expect(python?.version).toBe(
      execFileSync('python3', ['-c', 'import platform; print(platform.python_version())'], { encoding: 'utf8' }).trim(),
    )
    expect(python?.packages).toHaveProperty('pip')
    expect(b.runs.getFact(b.project, id, 'host')?.cores).toBeGreaterThan(0)
    expect(b.complaints).toEqual([])
  })

  it('configurations named in arguments, their values, and the data that they name', async () => {
    const b = await bench()
    b.file(
      'conf/a.yaml',
      'model: {lr: 0.1, layers: [1, 2]}\ndata: {path: d.csv}\npassword: hunter2\nbase: &b {x: 1}\nmore: {<<: *b, y: 2}\n',
    )
    b.file('conf/b.toml', 'epochs = 3\n[opt]\nname = "adam"\n')
    b.file('broken.json', '{"a": ')
    b.file('d.csv', 'a,b\n1,2\n')
    b.file('train.py', 'print("hi")')
    const id = await run(b, [
      'python3',
      'train.py',
      '--config',
      'conf/a.yaml',
      '--opt=conf/b.toml',
      'broken.json',
      '--epochs',
      '9',
    ])
    expect(captured(b, id)).toMatchObject({
      'model.lr': '0.1 (config)',
      'model.layers': '[1, 2] (config)',
      'more.x': '1 (config)',
      'more.y': '2 (config)',
      'opt.name': 'adam (config)',
      // What was typed is surer than what a file says.
      epochs: '9 (arguments)',
      password: '‹secret: password› (config)',
    })
    expect(artifacts(b, id)).toEqual(['config/a.yaml', 'config/b.toml', 'config/broken.json'])
    expect(readFileSync(join(b.project.artifactsFolder, id, 'artifacts/config/a.yaml'), 'utf8')).not.toContain(
      'hunter2',
    )
    expect(b.runs.getFact(b.project, id, 'config-files')?.map(({ path }) => path)).toEqual([
      'conf/a.yaml',
      'conf/b.toml',
      'broken.json',
    ])
    const md5 = execFileSync('md5sum', ['d.csv'], { cwd: b.folder, encoding: 'utf8' }).slice(0, 32)
    expect(b.runs.getFact(b.project, id, 'data-files')).toMatchObject([{ path: 'd.csv', size: 8, hash: `md5:${md5}` }])
  })

  it("Hydra's configuration and overrides, wherever they were written", async () => {
    const b = await bench()
    b.file(
      'train.py',
      `import os
d = "outputs/2026-01-01/10-00-00/.hydra"; os.makedirs(d)
open(d + "/config.yaml", "w").write("db: {user: ada, pass: 1}\\nlr: 0.2\\n")
open(d + "/overrides.yaml", "w").write("- lr=0.2\\n")
`,
    )
    const id = await run(b, ['python3', 'train.py', 'lr=0.2'])
    expect(captured(b, id)).toEqual({ 'db.pass': '1 (hydra)', 'db.user': 'ada (hydra)', lr: '0.2 (arguments)' })
    expect(artifacts(b, id)).toEqual([
      'config/hydra/outputs/2026-01-01/10-00-00/config.yaml',
      'config/hydra/outputs/2026-01-01/10-00-00/overrides.yaml',
    ])
  })

  it('the code: commit, branch, what was not committed, masked; and nothing of git is locked or changed', async () => {
    const b = await bench()
    const git = (...given: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b', ...given], {
        cwd: b.folder,
        encoding: 'utf8',
      }).trim()
    git('init', '-q', '-b', 'trunk')
    git('remote', 'add', 'origin', 'https://ada:hunter2@example.org/x.git')
    b.file('train.py', 'print(1)\n')
    git('add', 'train.py')
    git('commit', '-qm', 'first')
    b.file('train.py', 'print(2)\napi_key = "abcdefgh12345678"\n')
    b.file('notes.txt', '')
    const index = statSync(join(b.folder, '.git/index')).mtimeMs
    const id = await run(b, ['python3', 'train.py'])
    expect(b.runs.getFact(b.project, id, 'git')).toMatchObject({
      commit: git('rev-parse', 'HEAD'),
      branch: 'trunk',
      remote: 'https://ada:‹secret: password›@example.org/x.git',
      added: 2,
      removed: 1,
      untracked: ['notes.txt'],
      leftOut: [],
    })
    const diff = b.runs.getDiff(b.project, id)
    expect(diff).toContain('+print(2)')
    expect(diff).not.toContain('abcdefgh12345678')
    expect(statSync(join(b.folder, '.git/index')).mtimeMs).toBe(index)
  })

  it('files that it wrote, and the bytes of those that a rule keeps', async () => {
    const b = await bench({ settings: { keep: ['models/*.bin'] } })
    b.file('old.txt', 'before')
    execFileSync('touch', ['-d', '2020-01-01', 'old.txt'], { cwd: b.folder })
    b.file(
      'train.py',
      `import os
os.makedirs("models"); os.makedirs("node_modules")
open("models/a.bin", "w").write("weights"); open("plot ü.png", "w").write("x"); open("node_modules/x.js", "w").write("x"); open("helper.py", "w").write("x")
`,
    )
    const id = await run(b, ['python3', 'train.py'])
    const written = b.project.db.all(
      'SELECT path, size, kept FROM written_file WHERE run = ? ORDER BY path',
      b.runs.getRun(b.project, id).number,
    )
    expect(written).toEqual([
      { path: 'models/a.bin', size: 7, kept: 1 },
      { path: 'plot ü.png', size: 1, kept: 0 },
    ])
    expect(artifacts(b, id)).toEqual(['kept/models/a.bin'])
  })

  it('points of the system, and how far it is', async () => {
    const b = await bench()
    const id = await run(b, [
      'python3',
      '-c',
      'import time\nfor i in range(3): print(f"epoch {i+1}/3 loss {i}"); time.sleep(0.4)',
    ])
    const { number } = b.runs.getRun(b.project, id)
    const keys = b.project.metrics.list(number).map(({ key, origin }) => `${key} ${origin}`)
    expect(keys).toContain('loss log')
    expect(keys).toContain('system/memory_bytes system')
    expect(b.runs.getFact(b.project, id, 'progress')).toEqual({ done: 3, total: 3, unit: 'epoch' })
  })

  it('the environment that may be written down, without what every launch adds', async () => {
    const b = await bench({
      environment: { CUDA_VISIBLE_DEVICES: '1', PYTHONPATH: '/mine', SECRET_THING: 'x', AWS_PROFILE: 'y' },
    })
    const id = await run(b, ['true'], { environment: { OMP_NUM_THREADS: '4' } })
    expect(b.runs.getFact(b.project, id, 'environment')).toEqual({
      CUDA_VISIBLE_DEVICES: '1',
      LANG: 'C.UTF-8',
      OMP_NUM_THREADS: '4',
      PATH: process.env['PATH'],
      PYTHONPATH: '/mine',
    })
  })

  it('can be switched off, piece by piece', async () => {
    const off = {
      arguments: false,
      configFiles: false,
      hook: false,
      git: false,
      diff: false,
      packages: false,
      environment: false,
      systemMetrics: false,
      logMetrics: false,
      writtenFiles: false,
    }
    const b = await bench({ settings: { capture: off } })
    execFileSync('git', ['init', '-q'], { cwd: b.folder })
    b.file('a.json', '{"x": 1}')
    b.file(
      'train.py',
      'import argparse\np = argparse.ArgumentParser(); p.add_argument("--c"); p.parse_args()\nprint("epoch 1 loss 0.5"); open("out.txt", "w")\nimport time; time.sleep(0.6)',
    )
    const id = await run(b, ['python3', 'train.py', '--c', 'a.json'])
    const { number } = b.runs.getRun(b.project, id)
    expect([captured(b, id), artifacts(b, id), b.project.metrics.list(number)]).toEqual([{}, [], []])
    expect(b.project.db.all('SELECT kind FROM run_fact WHERE run = ?', number)).toEqual([{ kind: 'host' }])
    expect(b.project.db.value('SELECT count(*) FROM written_file')).toBe(0)
  })
})

describe('metrics of a log', () => {
  it('give way to what the script logs itself, and follow a corrected rule, also backwards', async () => {
    const b = await bench()
    b.file(
      'train.py',
      'import os, time\nprint("epoch 1 loss 0.5 acc 0.9", flush=True)\nwhile not os.path.exists("go"): time.sleep(0.02)\nprint("epoch 2 loss 0.4 acc 0.8", flush=True)',
    )
    const { run: id } = await b.launch.handlers.start(
      { project: b.project.id, spec: spec(['python3', 'train.py']), queue: false },
      CONTEXT,
    )
    const { number } = b.runs.getRun(b.project, id)
    const keys = () =>
      b.project.metrics
        .list(number)
        .filter(({ origin }) => origin !== 'system')
        .map(({ key, origin, summary }) => `${key} ${origin} ${summary.count}`)
        .toSorted()
    await until(() => keys().length === 2)
    await b.runs.logMetrics(b.project, id, [{ key: 'loss', value: 0.5, time: 1, step: 1 }])
    await until(() => keys().join() === 'acc log 1,loss logged 1')
    writeFileSync(join(b.folder, 'go'), '')
    await until(() => launchesOfRun(b.project, id).at(-1)?.state === 'ended')
    expect(keys()).toEqual(['acc log 2', 'loss logged 1'])
    const rule = {
      project: b.project.id,
      script: 'train.py',
      enabled: true,
      ignore: [] as readonly string[],
      rename: { acc: 'val/acc' },
    }
    await b.launch.handlers.setLogRule(rule, CONTEXT)
    await until(() => keys().join() === 'loss logged 1,val/acc log 2')
    await b.launch.handlers.setLogRule({ ...rule, enabled: false }, CONTEXT)
    await until(() => keys().join() === 'loss logged 1')
    expect(b.launch.handlers.logRule({ project: b.project.id, script: 'train.py' }, CONTEXT)).toEqual({
      enabled: false,
      ignore: [],
      rename: { acc: 'val/acc' },
    })
  })
})

describe('secrets', () => {
  it('planted everywhere are in no database and no artifact', async () => {
    const body = 'a7Bq9Zx2Lm4Rt6Kw'.repeat(3)
    const planted = Array.from({ length: 20 }, (_, index) => `${String(index).padStart(2, '0')}${body}`)
    const [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15, s16, s17, s18, s19] = planted
    const b = await bench({
      environment: { AWS_SECRET_ACCESS_KEY: s0!, CUDA_TOKEN: s1!, WANDB_MODE: `sk-${s2}` },
      settings: { keep: [] },
    })
    const git = (...given: readonly string[]): void =>
      void execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', ...given], { cwd: b.folder })
    git('init', '-q')
    git('remote', 'add', 'origin', `https://u:${s3}@example.org/x.git`)
    b.file('train.py', '')
    git('add', '.')
    git('commit', '-qm', 'x')
    b.file(
      'c.yaml',
      `api_key: "${s4}"\nnested: {client_secret: "${s5}"}\nurl: postgres://u:${s6}@h/d\nnote: sk-${s7}\n`,
    )
    b.file('c.json', JSON.stringify({ password: s8, list: [{ access_token: s9 }] }))
    b.file(
      'train.py',
      `import argparse, os, sys, time
password = "${s10}"
HF = "hf_${s11}"
p = argparse.ArgumentParser()
for n in ("--token", "--api-key", "--c", "--j", "--db"): p.add_argument(n)
p.add_argument("--secret-default", default="sk-${s12}")
p.parse_args()
d = "outputs/x/.hydra"; os.makedirs(d); open(d + "/config.yaml", "w").write("db_password: ${s13}\\n"); open(d + "/overrides.yaml", "w").write("- db_password=${s13}\\n")
print("api_key=${s14}"); print("token: sk-${s14}")
time.sleep(0.6)
`,
    )
    const id = await run(
      b,
      [
        'python3',
        'train.py',
        '--token',
        s15!,
        `--api-key=${s16}`,
        '--c',
        'c.yaml',
        '--j',
        'c.json',
        '--db',
        `mysql://u:${s17}@h/d`,
      ],
      { environment: { OPENAI_API_KEY: s18!, NCCL_SECRET: s19! } },
    )
    expect(b.runs.getRun(b.project, id).status).toBe('finished')
    // The test would find them: the parameters themselves are there.
    expect(Object.keys(captured(b, id))).toEqual(
      expect.arrayContaining(['token', 'api_key', 'secret_default', 'nested.client_secret', 'db_password']),
    )
    await b.project.metrics.compactNow()
    b.project.db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const places = [
      b.project.db.file,
      ...artifacts(b, id).map((path) => join(b.project.artifactsFolder, id, 'artifacts', path)),
    ]
    const found = places.flatMap((place) => {
      const bytes = readFileSync(place)
      return planted.filter((secret) => bytes.includes(secret)).map((secret) => `${secret.slice(0, 2)} in ${place}`)
    })
    expect(found).toEqual([])
    expect(existsSync(join(launchesOfRun(b.project, id)[0]!.workFolder, 'capture'))).toBe(false)
    const shown = await b.launch.handlers.log({ project: b.project.id, run: id, from: 0, limit: 100 }, CONTEXT)
    expect(planted.filter((secret) => JSON.stringify(shown).includes(secret))).toEqual([])
    const preview = await b.launch.handlers.preview(
      {
        project: b.project.id,
        spec: spec(['python3', 'train.py', '--token', s15!], { environment: { OPENAI_API_KEY: s18! } }),
      },
      CONTEXT,
    )
    expect(planted.filter((secret) => JSON.stringify(preview).includes(secret))).toEqual([])
  })
})
