import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { until } from '#electron/shim/shim-process.fixture.ts'
import { type Bench, bench, CONTEXT, spec } from './bench.fixture.ts'
import { launchesOfRun } from './queries.ts'
import { parseDotEnv } from './tracking.ts'

const preview = (b: Bench, command: readonly string[], more: Parameters<typeof spec>[1] = {}) =>
  b.launch.handlers.preview({ project: b.project.id, spec: spec(command, more) }, CONTEXT)

describe('before a start', () => {
  it('exactly what would run is shown: command, variables, parameters, code', async () => {
    const b = await bench({ environment: { OLD: 'before', SAME: 'same' } })
    execFileSync('git', ['init', '-q', '-b', 'trunk'], { cwd: b.folder })
    b.file('src/train.py', '')
    execFileSync('python3', ['-m', 'venv', '--without-pip', '.venv'], { cwd: b.folder })
    const python = join(b.folder, '.venv/bin/python')
    const shown = await preview(b, ['python', 'train.py', '--lr', '0.1', '-v'], {
      folder: 'src',
      interpreter: python,
      environment: { OLD: 'now', SAME: 'same', MY_TOKEN: 'a7Bq9Zx2Lm4Rt6Kw' },
    })
    expect(shown).toMatchObject({
      command: [python, 'train.py', '--lr', '0.1', '-v'],
      folder: join(b.folder, 'src'),
      problems: [],
      tracking: [],
      parameters: [
        { key: 'lr', value: '0.1' },
        { key: 'v', value: 'true' },
      ],
      script: 'src/train.py',
      git: { branch: 'trunk' },
    })
    const variables = Object.fromEntries(shown.environment.map(({ name, value, before }) => [name, [value, before]]))
    expect(variables).toMatchObject({
      OLD: ['now', 'before'],
      MY_TOKEN: ['‹secret: token›', null],
      MLFLOW_TRACKING_TOKEN: ['‹secret: token›', null],
      VIRTUAL_ENV: [join(b.folder, '.venv'), null],
      PYTHONUNBUFFERED: ['1', null],
    })
    expect(variables).not.toHaveProperty('SAME')
  })

  it('all that stands against it is said, and tracking servers that are named elsewhere', async () => {
    const b = await bench({ environment: { MLFLOW_TRACKING_URI: 'http://u:hunter2@there:5000' } })
    b.file('.env', 'export MLFLOW_TRACKING_URI="databricks" # comment\nOTHER=1\n')
    mkdirSync(join(b.folder, 'sub'))
    const shown = await preview(b, ['pythonn', 'gone.py', '--key=‹secret: key›'], {
      folder: 'sub',
      environment: { A_KEY: '‹secret: key›' },
    })
    expect(shown.problems).toEqual([
      { message: 'The value of A_KEY was not kept, because it is a secret. Type it again.', field: 'environment' },
      { message: 'A secret in the command was not kept. Type it again.', field: 'command' },
      { message: 'There is no program "pythonn" on PATH.', field: 'command' },
    ])
    expect(shown.tracking).toEqual([
      { name: 'MLFLOW_TRACKING_URI', value: 'http://u:‹secret: password›@there:5000', where: 'the environment' },
      { name: 'MLFLOW_TRACKING_URI', value: 'databricks', where: join(b.folder, '.env') },
    ])
    expect(b.project.db.value('SELECT count(*) FROM launch')).toBe(0)
  })

  it('commands that ran before are offered, newest first, each once; a run gives its own', async () => {
    const b = await bench()
    const start = async (command: readonly string[]): Promise<string> => {
      const { run } = await b.launch.handlers.start(
        { project: b.project.id, spec: spec(command), queue: false },
        CONTEXT,
      )
      await until(() => launchesOfRun(b.project, run)[0]?.state === 'ended')
      return run
    }
    const first = await start(['true', '1'])
    await start(['true', '2'])
    await start(['true', '1'])
    const recent = await b.launch.handlers.recent({ project: b.project.id }, CONTEXT)
    expect(recent.map(({ command }) => command)).toEqual([
      ['true', '1'],
      ['true', '2'],
    ])
    expect(await b.launch.handlers.specOf({ project: b.project.id, run: first }, CONTEXT)).toEqual(spec(['true', '1']))
    const client = await b.runs.createRun(b.project, { source: 'client' })
    expect(() => b.launch.handlers.specOf({ project: b.project.id, run: client.id }, CONTEXT)).toThrow('not known')
    await expect(async () =>
      b.launch.handlers.stop({ project: b.project.id, run: client.id }, CONTEXT),
    ).rejects.toMatchObject({ code: 'unsupported' })
  })
})

describe('.env files', () => {
  it('are read as python-dotenv reads them', () => {
    expect(
      parseDotEnv(
        `A=1\n export B = "two words" # c\nC='it''s'\n# D=4\nE=x # note\nF=\n=nothing\nG="a\\"b"\r\nH.I=dotted`,
      ),
    ).toEqual({ A: '1', B: 'two words', C: 'it', E: 'x', F: '', G: 'a\\"b', 'H.I': 'dotted' })
  })
})
