import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { type BuiltApp, openBuiltApp } from '../support/built-app.ts'
import { eventually } from '#test/setup/eventually.ts'

/** Twenty secrets, each of the form that its service gives it, and where it is planted. Put together here, so that no scanner takes this file for a leak. */
const made = (prefix: string, length: number, alphabet = 'Ab3dE5gH7jK9mN2pQ4rS6tU8vW') => {
  const rest = Array.from({ length }, (_, index) => alphabet[(index * 7 + prefix.length * 3) % alphabet.length]).join(
    '',
  )
  return `${prefix}${rest}`
}
const SECRETS = {
  environmentKey: made('AKI' + 'A', 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
  environmentSecret: made('awsSecret', 31),
  environmentPassword: 'correct-horse-battery',
  environmentUrl: 'pg-pass-81hd',
  argumentPassword: 'arg-pass-77x',
  argumentKey: made('sk' + '-proj-', 40),
  argumentToken: made('hf' + '_', 34),
  argumentUrl: 'url-pass-3f9',
  argumentHydra: made('hydraKey', 24),
  remotePassword: 'remote-pass-5h2',
  diffKey: made('sk' + '-ant-', 40),
  diffToken: made('gh' + 'p_', 36),
  committedKey: made('xox' + 'b-1234567890-', 24),
  configPassword: 'config-pass-1p0',
  configNested: made('nestedToken', 24),
  configConnection: 'mongo-pass-9zz',
  packageToken: made('gl' + 'pat-', 20),
  logToken: made('gh' + 'o_', 36),
  logBearer: made('eyJ' + 'hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.', 43),
  clientTag: made('sk' + '_live_', 24),
} as const

const TRAIN = `
import argparse, os, sys
sys.path.insert(0, 'packages')
p = argparse.ArgumentParser()
for name in ('--password', '--openai-key', '--db', '--config', '--hub-token'): p.add_argument(name)
args, rest = p.parse_known_args()
print('connecting with Authorization: Bearer ${SECRETS.logBearer}')
print('token=${SECRETS.logToken}')
print('epoch 1 loss 0.5')
`

describeWith(['mlflow', 'git'], 'twenty planted secrets', ({ mlflow }) => {
  let app: BuiltApp
  beforeAll(async () => {
    app = await openBuiltApp({ python: mlflow })
    const git = (...words: readonly string[]): void =>
      void execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.c', ...words], { cwd: app.project })
    const file = (path: string, text: string): void => {
      mkdirSync(join(app.project, path, '..'), { recursive: true })
      writeFileSync(join(app.project, path), text)
    }
    file('train.py', TRAIN)
    file('settings.py', `SLACK = "${SECRETS.committedKey}"\nLEVEL = 1\n`)
    git('add', '.')
    git('commit', '-qm', 'Train')
    git('remote', 'add', 'origin', `https://ada:${SECRETS.remotePassword}@git.example.org/study.git`)
    file(
      'settings.py',
      `SLACK = "${SECRETS.committedKey}"\nLEVEL = 2\nANTHROPIC = "${SECRETS.diffKey}"\nGITHUB = '${SECRETS.diffToken}'\n`,
    )
    file(
      'config.json',
      JSON.stringify({
        lr: 0.1,
        password: SECRETS.configPassword,
        hub: { auth_token: SECRETS.configNested },
        database: `mongodb://ada:${SECRETS.configConnection}@db.example.org/x`,
      }),
    )
    const info = 'packages/private_pack-1.0.dist-info'
    const url = `https://oauth2:${SECRETS.packageToken}@git.example.org/private.git`
    file(`${info}/METADATA`, `Metadata-Version: 2.1\nName: private-pack\nVersion: 1.0\nHome-page: ${url}\n`)
    file(`${info}/direct_url.json`, JSON.stringify({ url, vcs_info: { vcs: 'git', commit_id: 'abc' } }))
  })
  afterAll(() => app.close())

  it('are in no database, no artifact, no export and no log of ours', async () => {
    const environment = {
      AWS_ACCESS_KEY_ID: SECRETS.environmentKey,
      AWS_SECRET_ACCESS_KEY: SECRETS.environmentSecret,
      DB_PASSWORD: SECRETS.environmentPassword,
      DATABASE_URL: `postgres://ada:${SECRETS.environmentUrl}@db.example.org/x`,
      // Of those that are kept, values are masked too.
      CUDA_LAUNCH_NOTE: `see https://ada:${SECRETS.environmentUrl}@db.example.org`,
      PYTHONPATH: join(app.project, 'packages'),
    }
    const command = [
      'python3',
      'train.py',
      '--password',
      SECRETS.argumentPassword,
      `--openai-key=${SECRETS.argumentKey}`,
      '--hub-token',
      SECRETS.argumentToken,
      '--db',
      `postgres://ada:${SECRETS.argumentUrl}@db.example.org/x`,
      '--config',
      'config.json',
      `model.api_key=${SECRETS.argumentHydra}`,
    ]
    const here = await app.benchtop(['run', '-n', 'in front', '--', ...command], { environment })
    expect(here.code).toBe(0)
    // The person's own screen shows what the script prints.
    expect(here.stdout).toContain(SECRETS.logToken)
    const client = app.client()
    const project = (await client.projects.recent({}))[0]?.id ?? ''
    const behind = await client.launch.start({ project, spec: { command, environment, name: 'behind' } })
    await eventually(async () => expect((await client.runs.get({ project, run: behind.run })).status).toBe('finished'))
    const queued = await client.launch.start({ project, spec: { command, environment, name: 'queued' }, queue: true })
    await eventually(async () => expect((await client.runs.get({ project, run: queued.run })).status).toBe('finished'))
    await logFrom('direct', { MLFLOW_TRACKING_URI: (await client.projects.get({ project })).trackingUri })

    const runs = await client.runs.find({ project, text: '' })
    expect(runs.length).toBe(4)
    const exported = await Promise.all(
      runs.flatMap(({ id }) => [
        app.benchtop(['show', id, '--json']),
        app.benchtop(['show', id, '--csv']),
        app.benchtop(['show', id]),
      ]),
    )
    const ids = runs.map(({ id }) => id)
    exported.push(
      await app.benchtop(['runs', '--json']),
      await app.benchtop(['compare', ...ids, '--all', '--diff']),
      await app.benchtop(['compare', ...ids, '--all', '--json']),
      await app.benchtop(['runs', '--csv', '-c', 'param:password,param:api_key,tag:api_key']),
    )
    const told: unknown[] = exported.map(({ stdout, stderr }) => stdout + stderr)
    for (const { id } of runs) {
      told.push(await client.launch.log({ project, run: id }), await client.runs.uncommitted({ project, run: id }))
      told.push(await client.runs.get({ project, run: id }), await client.runs.changed({ project, run: id }))
      told.push(await client.runs.codeDifference({ project, from: ids[0] ?? '', to: id }))
    }
    told.push(await client.launch.recent({ project }), await client.launch.specOf({ project, run: behind.run }))
    const spec = { command, environment, name: 'asked' }
    told.push(await client.launch.preview({ project, spec }))
    expect(found(Buffer.from(JSON.stringify(told)))).toEqual([])
    // So that what is searched is known to hold what it should.
    expect(JSON.stringify(told)).toContain('‹secret: ')

    await app.benchtop(['backend', 'stop'])
    const kept = [...filesIn(join(app.project, '.benchtop')), ...filesIn(app.home)].filter(
      // What the command wrote is kept as it wrote it; it is masked whenever it is shown, which was looked at above.
      (path) => !/[/\\]launches[/\\][^/\\]+[/\\](?:out|err)\.log$/.test(path),
    )
    expect(kept.some((path) => path.endsWith('project.db'))).toBe(true)
    expect(kept.some((path) => path.endsWith('config.json'))).toBe(true)
    expect(kept.some((path) => path.endsWith('backend.log'))).toBe(true)
    for (const path of kept) expect([path, found(readFileSync(path))]).toEqual([path, []])
    const raw = filesIn(join(app.project, '.benchtop', 'launches')).filter((path) => path.endsWith('out.log'))
    expect(raw.flatMap((path) => found(readFileSync(path))).toSorted()).toEqual(
      Array.from({ length: 3 }, () => ['logBearer', 'logToken'])
        .flat()
        .toSorted(),
    )
  })

  it('leave what a script logs itself as it is', async () => {
    const { client } = app
    await app.benchtop(['runs'])
    const project = (await client().projects.recent({}))[0]?.id ?? ''
    const detail = await client().runs.get({
      project,
      run: (await client().runs.find({ project, text: 'direct' }))[0]?.id ?? '',
    })
    expect(detail.params.map(({ key, value }) => [key, value])).toContainEqual(['lr', '0.1'])
  })

  /** A client that nobody launched: its process is captured alike. */
  async function logFrom(name: string, environment: Readonly<Record<string, string>>): Promise<void> {
    const script = `
import mlflow, sys, time
with mlflow.start_run(run_name=${JSON.stringify(name)}):
    mlflow.log_param('lr', 0.1)
    print('${SECRETS.logToken}')
    time.sleep(1)
`
    writeFileSync(join(app.project, 'direct.py'), script)
    const words = ['direct.py', '--password', SECRETS.argumentPassword, `--tag=${SECRETS.clientTag}`]
    execFileSync(mlflow, words, {
      cwd: app.project,
      env: { ...app.environment, ...environment, STRIPE_KEY: SECRETS.clientTag },
      stdio: 'pipe',
    })
  }
})

/** The names of the secrets that stand in these bytes. */
function found(bytes: Buffer): readonly string[] {
  return Object.entries(SECRETS).flatMap(([name, secret]) => (bytes.includes(secret) ? [name] : []))
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map((path) => join(folder, String(path)))
    .filter((path) => statSync(path).isFile())
}
