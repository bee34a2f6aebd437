import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { allReaders } from './all-readers.ts'
import { discover } from './discover.ts'
import { experiment, run, writeFiles } from './mlflow-files/store.fixture.ts'

let root: string
beforeEach(() => void (root = mkdtempSync(join(realpathSync(tmpdir()), 'discover-'))))
afterEach(() => rmSync(root, { recursive: true, force: true }))

const store = (path: string): void => {
  writeFiles(join(root, path), { '0/meta.yaml': experiment('0', 'Default'), '0/abc/meta.yaml': run('0', 'abc') })
}
const find = async (path: string) => {
  const { stores, problem } = await discover(allReaders, join(root, path), new AbortController().signal)
  return { stores: stores.map(({ location }) => location.slice(root.length + 1)), problem }
}

it('finds every store once, at any depth, and none in what is no place for one', async () => {
  for (const path of [
    'mlruns',
    'work/a/mlruns',
    'node_modules/x/mlruns',
    '.venv/mlruns',
    'mlruns/0/abc/artifacts/mlruns',
  ])
    store(path)
  mkdirSync(join(root, 'only-artifacts/mlruns/1/abc/artifacts'), { recursive: true })
  writeFileSync(join(root, 'notes.db'), 'no database')
  symlinkSync(join(root, 'work'), join(root, 'again'))
  expect(await find('')).toEqual({ stores: ['mlruns', 'work/a/mlruns'], problem: null })
  expect(await find('again')).toEqual({ stores: ['work/a/mlruns'], problem: null })
  expect(await find('mlruns')).toEqual({ stores: ['mlruns'], problem: null })
})

it('finds a store that a link leads to, under its own name and once', async () => {
  store('elsewhere/big/mlruns')
  mkdirSync(join(root, 'project/deep'), { recursive: true })
  symlinkSync('../elsewhere/big/mlruns', join(root, 'project/mlruns'))
  symlinkSync(join(root, 'elsewhere/big/mlruns'), join(root, 'project/deep/again'))
  symlinkSync(join(root, 'project'), join(root, 'project/deep/round'))
  symlinkSync(join(root, 'nowhere'), join(root, 'project/broken'))
  expect(await find('project')).toEqual({ stores: ['elsewhere/big/mlruns'], problem: null })
  expect(await find('project/mlruns')).toEqual({ stores: ['elsewhere/big/mlruns'], problem: null })
  expect(await find('')).toEqual({ stores: ['elsewhere/big/mlruns'], problem: null })
})

it('says in words what there is instead', async () => {
  store('mlruns')
  writeFileSync(join(root, 'notes.db'), 'no database')
  mkdirSync(join(root, 'empty'))
  const { problem: part } = await find('mlruns/0')
  expect(part).toBe(`${join(root, 'mlruns/0')} is a part of ${join(root, 'mlruns')}: take that one.`)
  expect((await find('empty')).problem).toMatch(/^There are no runs in .*empty: neither a folder of MLflow's/)
  expect((await find('notes.db')).problem).toMatch(
    /notes\.db is no database of runs: it is not SQLite's, or encrypted, or damaged at its beginning\.$/,
  )
  writeFileSync(join(root, 'notes.txt'), 'no database')
  expect((await find('notes.txt')).problem).toMatch(/notes\.txt is no database of runs\.$/)
  expect((await find('nowhere')).problem).toBe(`${join(root, 'nowhere')} is not there.`)
})

it('says which folders may not be looked into, beside what was found', async () => {
  const isRoot = process.getuid?.() === 0
  for (const path of ['open/mlruns', 'closed/mlruns', 'shut/mlruns']) store(path)
  chmodSync(root, 0o755)
  const [closed, shut] = [join(root, 'closed'), join(root, 'shut')]
  for (const folder of [closed, shut]) chmodSync(folder, 0o000)
  // Nothing is closed to root: for a moment somebody else looks.
  if (isRoot) process.seteuid?.(65534)
  try {
    expect(await find('')).toEqual({
      stores: ['open/mlruns'],
      problem: `${closed} and 1 more may not be read by this user: what it holds is not known.`,
    })
    expect(await find('closed')).toEqual({ stores: [], problem: `${closed} may not be read by this user.` })
  } finally {
    if (isRoot) process.seteuid?.(0)
    for (const folder of [closed, shut]) chmodSync(folder, 0o755)
  }
})

const at = (given: string) => discover(allReaders, given, new AbortController().signal)

it('takes the addresses that MLFLOW_TRACKING_URI has for files and databases', async () => {
  store('my runs')
  const file = join(root, 'mlflow.db')
  new DatabaseSync(file).exec(
    ['experiments', 'runs', 'metrics', 'params', 'tags'].map((name) => `CREATE TABLE ${name} (id TEXT);`).join('\n'),
  )
  expect(await at(pathToFileURL(join(root, 'my runs')).href)).toEqual({
    stores: [{ kind: 'mlflow-files', location: join(root, 'my runs') }],
    problem: null,
  })
  expect(await at(`sqlite:///${file}`)).toEqual({
    stores: [{ kind: 'mlflow-database', location: file }],
    problem: null,
  })
})

it('says of other addresses what to give instead, and repeats no password', async () => {
  const { problem } = await at('postgresql+psycopg2://me:secret@host/mlflow')
  expect(problem).toMatch(/^Benchtop doesn't open postgresql\+psycopg2 databases\. Start `mlflow server/)
  expect(problem).not.toContain('secret')
  expect((await at('sqlite:///mlflow.db')).problem).toMatch(/give the path of the database's file\.$/)
  expect((await at('file://elsewhere/mlruns')).problem).toMatch(/is no address that runs can be taken from\.$/)
})
