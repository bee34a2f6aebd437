import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gitSummary } from './summary.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'git-summary-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const git = (...given: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...given], {
    cwd: folder,
    encoding: 'utf8',
  }).trim()

test('outside of a repository there is nothing to say', async () => {
  expect(await gitSummary(folder)).toBeNull()
})

test('branch, commit and uncommitted files, from a folder inside', async () => {
  git('init', '-q', '--initial-branch', 'trunk')
  expect(await gitSummary(folder)).toEqual({ branch: 'trunk', commit: null, uncommitted: 0 })
  writeFileSync(join(folder, 'a b.txt'), '1')
  mkdirSync(join(folder, 'sub'))
  git('add', '.')
  git('commit', '-qm', 'first')
  writeFileSync(join(folder, 'a b.txt'), '2')
  writeFileSync(join(folder, 'new.txt'), '')
  expect(await gitSummary(join(folder, 'sub'))).toEqual({
    branch: 'trunk',
    commit: git('rev-parse', 'HEAD'),
    uncommitted: 2,
  })
  git('checkout', '-q', '--detach')
  expect((await gitSummary(folder))?.branch).toBeNull()
})
