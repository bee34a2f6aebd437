import { describe, expect, it } from 'vitest'
import { checkAny, checkDefaultExports, checkLength, checkName, checkPlaces } from './check-files.ts'
import { checkImports, featureCycles } from './check-imports.ts'
import { checkLock } from './check-lock.ts'
import { moduleFacts, resolveImport } from './module-facts.ts'

/** What is wrong with the imports of a file of this name and text. */
const broken = (path: string, text: string) => checkImports(moduleFacts({ path, text }))

describe('reading imports', () => {
  it('finds every way to import, with its kind and line', () => {
    const text = `import a from 'a'
import type { B } from './b.ts'
import { type C } from '../c.ts'
import 'd'
export { e } from '#shared/e.ts'
export type * from '@scope/f/deep'
export const g = await import('../g.ts?worker')
export type H = typeof import('h')
const i = require('i')
import { type J, k } from 'j'
`
    const { imports } = moduleFacts({ path: 'electron/db/x.ts', text })
    expect(imports.map(({ to, typeOnly, line }) => [...Object.values(to), typeOnly, line])).toEqual([
      ['a', false, 1],
      ['electron/db/b.ts', true, 2],
      ['electron/c.ts', true, 3],
      ['d', false, 4],
      ['shared/e.ts', false, 5],
      ['@scope/f', true, 6],
      ['electron/g.ts', false, 7],
      ['h', true, 8],
      ['i', false, 9],
      ['j', false, 10],
    ])
  })

  it('keeps a package apart from a folder of the same name', () => {
    expect(resolveImport('electron/main/x.ts', 'electron/main')).toEqual({ package: 'electron' })
    expect(resolveImport('electron/main/x.ts', '../preload/y.ts')).toEqual({ file: 'electron/preload/y.ts' })
    expect(resolveImport('shared/lib/x.ts', 'node:fs/promises')).toEqual({ package: 'node:fs/promises' })
  })

  it('refuses a file that does not parse', () => {
    expect(() => moduleFacts({ path: 'shared/x.ts', text: 'export const = 1' })).toThrow(/shared\/x\.ts does not parse/)
  })
})

describe('imports between rooms', () => {
  it.each([
    ['shared/domain/x.ts', `import fs from 'node:fs'`, 'shared imports shared and zod only'],
    ['shared/domain/x.ts', `import { z } from 'zod/mini-extra'; import y from 'yaml'`, 'shared imports shared and zod'],
    ['shared/domain/x.ts', `import { db } from '#electron/db/connection.ts'`, 'meet in shared alone'],
    ['renderer/app/x.tsx', `import type { A } from '#electron/backend/start-backend.ts'`, 'meet in shared alone'],
    ['renderer/app/x.tsx', `import { join } from 'node:path'`, 'the page has no Node'],
    ['electron/http/x.ts', `import { a } from '../../renderer/lib/routes.ts'`, 'meet in shared alone'],
    ['electron/db/x.ts', `import { app } from 'electron'`, 'only electron/main and electron/preload may'],
    ['electron/backend/x.ts', `import { safeStorage } from 'electron/main'`, 'only electron/main and'],
    ['electron/backend/x.ts', `export const e = await import('electron')`, 'only electron/main and'],
    ['electron/features/runs/x.ts', `import http from 'node:http'`, 'only electron/http and electron/transport'],
    ['electron/features/runs/x.ts', `import type { C } from '#electron/http/mlflow/call.ts'`, 'electron/features may'],
    ['electron/features/runs/x.ts', `import { a } from '../models/queries.ts'`, 'reached through its index.ts'],
    ['electron/http/x.ts', `import { a } from '#electron/features/runs/service.ts'`, 'reached through its index.ts'],
    ['electron/main/x.ts', `import { a } from '#electron/backend/start-backend.ts'`, 'electron/main may import'],
    ['electron/cli/x.ts', `import { open } from '#electron/db/connection.ts'`, 'electron/cli may import'],
    ['electron/platform/x.ts', `import { a } from '../features/runs/index.ts'`, 'electron/platform may import'],
    ['renderer/features/runs/x.tsx', `import { init } from 'echarts/core'`, 'only renderer/charts may'],
    ['renderer/features/runs/x.tsx', `import { Button } from 'react-aria-components'`, 'only renderer/ui may'],
    ['renderer/charts/x.tsx', `import { Handle } from '@xyflow/react'`, 'only renderer/graph may'],
    ['renderer/ui/x.tsx', `export const m = import('monaco-editor/editor')`, 'only renderer/editor may'],
    ['renderer/ui/x.tsx', `import { a } from '../features/runs/index.ts'`, 'renderer/ui may import'],
    ['renderer/ui/x.tsx', `import { a } from './gallery/page.tsx'`, 'renderer/ui may import'],
    ['electron/db/x.ts', `import { a } from '#test/fixtures/x.ts'`, 'nothing but tests imports tests'],
    ['electron/db/x.ts', `import { a } from './connection.test.ts'`, 'nothing but tests imports tests'],
    ['electron/x.ts', `import { a } from './db/connection.ts'`, 'this place may import'],
    ['renderer/ui/x.test.ts', `import { a } from '#electron/db/connection.ts'`, 'meet in shared alone'],
  ])('%s may not say %s', (path, text, why) => {
    expect(broken(path, text).join('\n')).toContain(why)
  })

  it.each([
    ['shared/domain/x.ts', `import { z } from 'zod'; import { a } from '../lib/format.ts'`],
    ['electron/main/x.ts', `import { app } from 'electron'; import { z } from 'zod'`],
    ['electron/main/x.ts', `import type { Backend } from '#electron/backend/start-backend.ts'`],
    ['electron/main/x.ts', `import { ensureBackend } from '#electron/backend/ensure-backend.ts'`],
    ['electron/features/runs/x.ts', `import { a } from '../models/index.ts'; import { b } from '#electron/db/b.ts'`],
    ['electron/features/runs/deep/x.ts', `import { a } from '../service.ts'`],
    ['electron/features/all.ts', `import { a } from './runs/index.ts'`],
    ['renderer/features/runs/x.tsx', `import { a } from '#renderer/ui/buttons/button.tsx'; import r from 'react'`],
    ['renderer/charts/x.tsx', `import { init } from 'echarts/core'`],
    ['electron/db/x.test.ts', `import { a } from '#test/fixtures/x.ts'; import { it } from 'vitest'`],
    ['test/e2e/x.spec.ts', `import { a } from '#electron/db/a.ts'; import { b } from '#renderer/ui/b.ts'`],
  ])('%s may say %s', (path, text) => {
    expect(broken(path, text)).toEqual([])
  })

  it('says the file and the line', () => {
    expect(broken('shared/x.ts', `\n\nimport 'ws'`)).toEqual([
      'shared/x.ts:3 imports ws: shared imports shared and zod only',
    ])
  })
})

describe('cycles between features', () => {
  const feature = (path: string, ...to: readonly string[]) =>
    moduleFacts({ path, text: to.map((one, at) => `import type { A${at} } from '${one}'`).join('\n') })

  it('are found at any length and told once', () => {
    const all = [
      feature('electron/features/a/index.ts', '../b/index.ts'),
      feature('electron/features/b/x.ts', '../c/index.ts', './y.ts'),
      feature('electron/features/c/index.ts', '#electron/features/a/index.ts', '../d/index.ts'),
      feature('electron/features/d/index.ts'),
    ]
    const [a, b, c] = ['a', 'b', 'c'].map((name) => `electron/features/${name}`)
    expect(featureCycles(all)).toEqual([`${a} -> ${b} -> ${c} -> ${a}`])
    expect(featureCycles(all.slice(0, 2))).toEqual([])
  })
})

describe('files', () => {
  it('of 400 lines pass and of 401 do not', () => {
    const lines = (n: number) => 'const a = 1\n'.repeat(n)
    expect(checkLength({ path: 'electron/db/x.ts', text: lines(400) })).toEqual([])
    expect(checkLength({ path: 'electron/db/x.ts', text: lines(401) })).toEqual([
      'electron/db/x.ts has 401 lines; 400 are the most',
    ])
    expect(checkLength({ path: 'electron/db/x.ts', text: lines(401).trimEnd() })).toHaveLength(1)
    expect(checkLength({ path: 'package-lock.json', text: lines(9000) })).toEqual([])
  })

  it.each([
    'electron/db/readPool.ts',
    'renderer/features/runs/RunScreen.tsx',
    'electron/DB/x.ts',
    'shared/lib/to_text.ts',
    'renderer/ui/Button.module.css',
    'resources/python/benchTop.py',
  ])('named %s do not pass', (path) => {
    expect(checkName({ path })).toEqual([`${path} is not named in kebab-case`])
  })

  it.each([
    'electron/db/migrations/0010-first.ts',
    'renderer/ui/grid.module.css',
    'renderer/vite.config.ts',
    'resources/python/hook/_benchtop_hook/__init__.py',
    'resources/python/benchtop_tests/test_hook.py',
    'README.md',
  ])('named %s pass', (path) => {
    expect(checkName({ path })).toEqual([])
  })

  it.each(['export default 1', 'const a = 1\nexport { a as default }', `export { default } from './a.ts'`])(
    'with %j export a default',
    (text) => {
      expect(checkDefaultExports(moduleFacts({ path: 'shared/x.ts', text }))).toHaveLength(1)
      expect(checkDefaultExports(moduleFacts({ path: 'test/vitest.config.ts', text }))).toEqual([])
    },
  )

  it.each(['let a: any', 'const a = b as any', 'type A = Record<string, any[]>', 'f<any>()'])(
    'with %j say any',
    (text) => {
      expect(checkAny(moduleFacts({ path: 'shared/x.ts', text }))).toEqual(['shared/x.ts:1 says any'])
    },
  )

  it('with any in words pass', () => {
    expect(checkAny(moduleFacts({ path: 'shared/x.ts', text: `// any: any\nexport const any = 'any'` }))).toEqual([])
  })

  // Put together here, so that this file names none of them.
  it.each([
    ['/wo', 'rk/main/x'],
    ['https://registry.', 'npmjs.org/zod'],
    ['http://deb.', 'debian.org/debian'],
    ['--index-url https://pypi.', 'org/simple'],
  ])('that name %s%s do not pass', (start, end) => {
    const text = `one\n"${start}${end}"\n`
    expect(checkPlaces({ path: 'docs/x.md', text })).toHaveLength(1)
    expect(checkPlaces({ path: 'docs/x.md', text })[0]).toMatch(/^docs\/x\.md:2 names /)
  })

  it('that name ordinary places pass', () => {
    const text = 'http://127.0.0.1:5080/p/x /tmp/a /usr/bin/env /home/ada/project homework/x'
    expect(checkPlaces({ path: 'docs/x.md', text })).toEqual([])
  })
})

describe('a lock file', () => {
  const lock = (packages: object) => checkLock(JSON.stringify({ packages }))

  it('may hold a package beside the one that needs it, or further up', () => {
    const tool = { optionalDependencies: { '@tool/mac': '1' }, dependencies: { deep: '1' } }
    const there = { 'node_modules/tool/node_modules/deep': {}, 'node_modules/@tool/mac': {} }
    expect(lock({ '': { dependencies: { tool: '1' } }, 'node_modules/tool': tool, ...there })).toEqual([])
  })

  it('may not lack what a package needs on any system', () => {
    const tool = { optionalDependencies: { '@tool/mac': '1', '@tool/linux': '1' } }
    expect(
      lock({ 'node_modules/tool': tool, 'node_modules/@tool/linux': {}, 'node_modules/x/node_modules/@tool/mac': {} }),
    ).toEqual(['node_modules/tool needs @tool/mac, which the lock file lacks'])
    expect(lock({ '': { dependencies: { zod: '4' } } })).toEqual(['package.json needs zod, which the lock file lacks'])
  })

  it('may not name a registry', () => {
    const resolved = 'https://packages.example/zod.tgz'
    expect(lock({ 'node_modules/zod': { resolved } })).toEqual(['node_modules/zod comes from packages.example'])
  })
})
