import { networkInterfaces } from 'node:os'
import { expect, it, onTestFinished } from 'vitest'
import { EXPERIMENTS, serve } from '#test/fixtures/mlflow-answers.ts'
import { allReaders } from '../all-readers.ts'
import { createImports } from '../create-imports.ts'
import { openTestProject } from '#electron/features/runs/test-project.fixture.ts'
import { isOwnAddress } from './own-address.ts'

const OWN = 'http://127.0.0.1:5080'
const outside = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)

it.each<readonly [string, boolean]>([
  ['http://127.0.0.1:5080', true],
  ['http://127.0.0.1:5080/p/churn-3f2a', true],
  ['http://localhost:5080/', true],
  ['http://LOCALHOST:5080/', true],
  ['http://benchtop.localhost:5080/p/x', true],
  ['http://127.0.0.2:5080', true],
  ['http://[::1]:5080', true],
  ['http://0.0.0.0:5080', true],
  ['http://2130706433:5080', true],
  ...(outside === undefined ? [] : [[`http://${outside.address}:5080`, true] as const]),
  ['http://127.0.0.1:5081', false],
  ['http://127.0.0.1', false],
  ['http://192.0.2.1:5080', false],
  ['http://nobody.invalid:5080', false],
])('%s is this program itself: %s', async (address, expected) =>
  expect(await isOwnAddress(address, OWN)).toBe(expected),
)

it('knows the default ports', async () => {
  expect(await isOwnAddress('http://localhost', 'http://127.0.0.1:80')).toBe(true)
  expect(await isOwnAddress('https://localhost', 'http://127.0.0.1:80')).toBe(false)
})

it('is refused in words, by a plan and by an import, and another one is not', async () => {
  const { url } = await serve(EXPERIMENTS)
  const project = openTestProject()
  onTestFinished(project.dispose)
  let ownUrl = url
  const projects = { require: () => project, open: () => [project], onClose: () => {} }
  const feature = createImports({ projects, dataFolder: project.folder, readers: allReaders, ownUrl: () => ownUrl })
  onTestFinished(feature.close)
  const context = { signal: new AbortController().signal, actor: 'test' }
  const location = `${url.replace('127.0.0.1', 'localhost')}/p/test`
  const problem = `${new URL(location).host} is this Benchtop itself: its runs are here already.`
  const planned = async () => {
    for await (const event of feature.handlers.inspect({ project: 'test', location }, context))
      if (event.type === 'plan') return event.plan.problem
    return undefined
  }
  const taken = async () => {
    const asked = { project: 'test', location, artifacts: 'copy', watched: false } as const
    const { job } = await feature.handlers.start(asked, context)
    for await (const event of feature.handlers.follow({ project: 'test', job }, context))
      if (event.type === 'report') return event.report.problem
    return undefined
  }
  expect([await planned(), await taken()]).toEqual([expect.stringContaining(problem), problem])
  ownUrl = 'http://127.0.0.1:1'
  // What stands there is no server of that path, and that is what is said.
  expect(await planned()).not.toContain('itself')
})
