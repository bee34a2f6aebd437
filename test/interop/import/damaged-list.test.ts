import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EXPERIMENTS, info, serve } from '#test/fixtures/mlflow-answers.ts'
import { eventually } from '#test/setup/eventually.ts'
import { type BuiltApp, openBuiltApp } from '../support/built-app.ts'

let app: BuiltApp
let folder: string
beforeAll(async () => {
  app = await openBuiltApp()
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'list-'))
})
afterAll(async () => {
  await app?.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

it('goes on following a server with its token, whatever happened to the list of projects', async () => {
  const token = 'tk-c2VjcmV0-1905'
  const runs = ['r1']
  const { url } = await serve({
    '*': ({ path, headers, query }) => {
      if (headers.authorization !== `Bearer ${token}`) return { status: 401, json: {} }
      if (path === 'experiments/search') return EXPERIMENTS['experiments/search']()
      if (path === 'runs/search') return { json: { runs: runs.map((id) => ({ info: info(id) })) } }
      if (path === 'runs/get') return { json: { run: { info: info(query.get('run_id') ?? '') } } }
      return { status: 404, json: { error_code: 'RESOURCE_DOES_NOT_EXIST' } }
    },
  })
  const [project, other] = [join(folder, 'guarded'), join(folder, 'other')]
  for (const place of [project, other]) mkdirSync(place)
  const environment = { LAB_TOKEN: token }
  await app.benchtop(['import', url, '--watch', '--token-env', 'LAB_TOKEN', '-p', project], { environment })
  await app.benchtop(['open', other, '--print'])
  const list = join(app.home, 'projects.json')
  const tokens = join(app.home, 'import-tokens.json')
  const kept = readFileSync(tokens, 'utf8')
  const total = async (): Promise<number> => {
    const { id } = await app.client().projects.open({ folder: project })
    return (await app.client().runs.table({ project: id, columns: [] })).total
  }
  for (const [round, damage] of [
    () => writeFileSync(list, ''),
    () => writeFileSync(list, readFileSync(list, 'utf8').slice(0, -30)),
    // Nothing is left to put it together from.
    () => {
      for (const file of [list, `${list}.previous`]) writeFileSync(file, '{"projects": 3}')
    },
  ].entries()) {
    await app.benchtop(['backend', 'stop', '--force'])
    damage()
    runs.push(`new${round}`)
    const status = await app.benchtop(['runs', '-p', other]).then(() => app.benchtop(['backend', 'status']))
    expect(status.stdout).toContain(`${list}.damaged`)
    const known = (await app.client().projects.recent({})).map(({ folder: at }) => at)
    expect(known.includes(realpathSync(project))).toBe(round < 2)
    // The last one comes back with its folder.
    await eventually(async () => expect(await total()).toBe(runs.length))
    expect(readFileSync(tokens, 'utf8')).toBe(kept)
  }
  expect((await app.client().projects.damagedLists({})).map((file) => existsSync(file))).toEqual([true, true, true])
})
