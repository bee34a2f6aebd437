import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { installation } from '#electron/platform/installation.ts'
import { buildStale } from '#electron/start/build.ts'

/** Bytes of script and of styles that the window waits for before it shows anything. They were 1,229,600 and 79,500 in one file each. */
const MOST_SCRIPT = 975_000
const MOST_STYLES = 65_000

describe('the first load', () => {
  let folder: string
  beforeAll(async () => {
    const { root, pageFolder } = installation()
    await buildStale({ root })
    folder = pageFolder
  })

  /** What the page names itself, and what those files import before they run. */
  const firstFiles = (): readonly string[] => {
    const found = new Set(
      [...readFileSync(join(folder, 'index.html'), 'utf8').matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(
        ([, path = '']) => path,
      ),
    )
    for (const file of found) {
      if (!file.endsWith('.js')) continue
      const code = readFileSync(join(folder, file), 'utf8')
      for (const [, path = ''] of code.matchAll(/(?:^|[;}\n])import(?:[^"'()]*from)?["']\.\/([^"']+)["']/g))
        found.add(join('assets', path))
    }
    return [...found]
  }
  const bytes = (files: readonly string[], ending: string): number =>
    files.filter((file) => file.endsWith(ending)).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)

  it('stays within its budget', () => {
    const files = firstFiles()
    expect(bytes(files, '.js')).toBeLessThan(MOST_SCRIPT)
    expect(bytes(files, '.css')).toBeLessThan(MOST_STYLES)
    // A first look is one file to fetch and a few words around it.
    expect(files.length).toBeLessThan(8)
  })

  it('leaves charts of points, the editor and every other screen for when they are opened', () => {
    const first = firstFiles()
    const later = readdirSync(join(folder, 'assets')).filter((file) => !first.includes(join('assets', file)))
    for (const part of [
      'echarts-scatter',
      'code-viewer',
      'markdown-view',
      'run-screen',
      'compare-screen',
      'settings-screen',
    ])
      expect(later.some((file) => file.startsWith(`${part}-`) && file.endsWith('.js'))).toBe(true)
    const code = first.filter((file) => file.endsWith('.js')).map((file) => readFileSync(join(folder, file), 'utf8'))
    expect(code.filter((text) => /zrender|monaco-editor|markdownit/i.test(text))).toEqual([])
  })
})
