import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildStale } from './build.ts'
import { bundleOf, BUNDLES } from './bundles.ts'

const here = fileURLToPath(new URL('../../', import.meta.url))
let root: string

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'benchtop build-'))
  cpSync(join(here, 'electron/vite.config.ts'), join(root, 'electron/vite.config.ts'))
  symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'))
  write('package.json', '{"name":"toy","version":"1.2.3","type":"module"}')
  write('resources/hello.txt', 'from resources')
  write('electron/platform/greeting.ts', 'export const greeting: string = "hello"')
  write(
    'electron/backend/serve.ts',
    `import { readFileSync } from 'node:fs'
     import { Worker } from 'node:worker_threads'
     import { greeting } from '../platform/greeting.ts'
     const text = readFileSync(new URL('../../resources/hello.txt', import.meta.url), 'utf8')
     new Worker(new URL('../workers/deep/count.ts', import.meta.url), { workerData: greeting + ' ' + text }).on('message', console.log)`,
  )
  write(
    'electron/workers/deep/count.ts',
    `import { parentPort, workerData } from 'node:worker_threads'
     parentPort?.postMessage(workerData.length + ' ' + workerData)`,
  )
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const bundles = [bundleOf('electron/backend/serve.ts')]
const run = (): string =>
  execFileSync(process.execPath, [join(root, 'build/backend/serve.js')], { encoding: 'utf8' }).trim()

test('a bundle finds the workers and resources that its source names, and they are built with it', async () => {
  const first = await buildStale({ root, bundles })
  expect(first.built).toEqual(['build/backend/serve.js', 'build/workers/deep/count.js'])
  expect(run()).toBe('20 hello from resources')
  expect(JSON.parse(readFileSync(join(root, 'build/build-id.json'), 'utf8'))).toEqual({
    build: first.id,
    version: '1.2.3',
  })
})

test('the page is for production, whatever runs the build', async () => {
  write('renderer/vite.config.ts', 'export default { root: import.meta.dirname }')
  write('renderer/index.html', '<!doctype html><script type="module" src="./main.ts"></script>')
  write('renderer/main.ts', 'document.title = `mode ${process.env.NODE_ENV}`')
  write('shared/nothing.ts', '')
  const page = BUNDLES.filter(({ kind }) => kind === 'page')
  await buildStale({ root, bundles: page })
  const assets = join(root, 'build/page/assets')
  const text = readdirSync(assets)
    .map((file) => readFileSync(join(assets, file), 'utf8'))
    .join('\n')
  expect([text.includes('mode production'), process.env['NODE_ENV']]).toEqual([true, 'test'])
})

test('only what changed is built again, and the build id follows the content', async () => {
  const first = await buildStale({ root, bundles })
  const told: (readonly string[])[] = []
  const again = await buildStale({ root, bundles, onStale: (outputs) => told.push(outputs) })
  expect({ ...again, told }).toEqual({ id: first.id, built: [], told: [] })

  write('electron/platform/greeting.ts', 'export const greeting: string = "good day"')
  const changed = await buildStale({ root, bundles, onStale: (outputs) => told.push(outputs) })
  expect({ built: changed.built, told }).toEqual({
    built: ['build/backend/serve.js'],
    told: [['build/backend/serve.js']],
  })
  expect(changed.id).not.toBe(first.id)
  expect(run()).toBe('23 good day from resources')

  write('electron/platform/greeting.ts', 'export const greeting: string = "hello"')
  expect(await buildStale({ root, bundles })).toEqual({ id: first.id, built: ['build/backend/serve.js'] })
})

test('a new time alone builds nothing; a lost output is built again', async () => {
  await buildStale({ root, bundles })
  utimesSync(join(root, 'electron/platform/greeting.ts'), 1, 1)
  expect((await buildStale({ root, bundles })).built).toEqual([])
  rmSync(join(root, 'build/workers/deep/count.js'))
  expect((await buildStale({ root, bundles })).built).toEqual(['build/workers/deep/count.js'])
})

test('new packages make everything stale', async () => {
  await buildStale({ root, bundles })
  write('package-lock.json', '{}')
  expect((await buildStale({ root, bundles })).built).toHaveLength(2)
})

test('a damaged record of the last build builds again', async () => {
  await buildStale({ root, bundles })
  for (const text of ['{"files":', '{}', 'null', '']) {
    write('build/stamps.json', text)
    expect((await buildStale({ root, bundles })).built).toHaveLength(2)
  }
})

test('a source that is not there is refused by name', async () => {
  await expect(buildStale({ root, bundles: [bundleOf('electron/shim/shim.ts')] })).rejects.toThrow(
    'There is no electron/shim/shim.ts',
  )
})

test('a bundle that fails does not cost those that were built', async () => {
  const other = bundleOf('electron/platform/greeting.ts')
  write('electron/backend/serve.ts', 'import "./not-there.ts"')
  await expect(buildStale({ root, bundles: [...bundles, other] })).rejects.toThrow('not-there.ts')
  write('electron/backend/serve.ts', 'console.log(1)')
  expect((await buildStale({ root, bundles: [...bundles, other] })).built).toEqual(['build/backend/serve.js'])
})
