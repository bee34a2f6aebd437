import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy } from '#shared/domain/content-security-policy.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { pageFile } from './page.ts'

function page(): string {
  const root = tempFolder()
  const folder = join(root, 'page')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<p>page')
  writeFileSync(join(folder, 'assets', 'main-1a2b.js'), 'run()')
  writeFileSync(join(root, 'secret.txt'), 'secret')
  writeFileSync(join(root, 'page-of-others.html'), 'others')
  return folder
}

const text = (folder: string, path: string): string | undefined => pageFile(folder, path)?.body.toString()

describe('pageFile', () => {
  it('is the page for its root and for any path without an ending', () => {
    const folder = page()
    expect(['/', '', '/runs', '/p/churn-3f2a', '//'].map((path) => text(folder, path))).toEqual(
      Array(5).fill('<p>page'),
    )
  })

  it('stays in its folder, however a path is written', () => {
    const folder = page()
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/../../secret.txt',
      '/%252e%252e/secret.txt',
      '/..\\secret.txt',
      '/../page-of-others.html',
      '/secret.txt%00.js',
      '/%ff.js',
      '/none.js',
      '/assets.d/..%2f..%2fsecret.txt',
    ])
      expect([path, text(folder, path)]).toEqual([path, undefined])
  })

  it('is no folder, even one that is named like a file', () => {
    const folder = page()
    mkdirSync(join(folder, 'folder.js'))
    expect(text(folder, '/folder.js')).toBeUndefined()
  })

  it('carries the policy, and is kept for ever where its name has its hash', () => {
    const folder = page()
    const guarded = {
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'content-security-policy': contentSecurityPolicy(),
      'x-frame-options': 'DENY',
    }
    expect(pageFile(folder, '/')?.headers).toEqual({
      ...guarded,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    })
    expect(pageFile(folder, '/assets/main-1a2b.js')?.headers).toEqual({
      ...guarded,
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
})
