import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseDiff } from './parse-diff.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diff-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const git = (...given: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b.c', ...given], { cwd: folder, encoding: 'utf8' })

it('reads what git writes: changes, odd names, additions, deletions, binary', () => {
  git('init', '-q')
  writeFileSync(join(folder, 'train.py'), 'a = 1\nlr = 0.1\n-- old\nend\n')
  writeFileSync(join(folder, 'wörter und räume.txt'), 'x\n')
  writeFileSync(join(folder, 'gone.txt'), 'bye\n')
  git('add', '.')
  git('commit', '-qm', 'first')
  writeFileSync(join(folder, 'train.py'), 'a = 1\nlr = 0.25\nend')
  writeFileSync(join(folder, 'wörter und räume.txt'), 'y\n')
  writeFileSync(join(folder, 'new.txt'), '++ plus\n')
  writeFileSync(join(folder, 'bin'), Buffer.from([0, 1, 2]))
  rmSync(join(folder, 'gone.txt'))
  git('add', '.')
  const files = parseDiff(git('diff', '--cached'))
  expect(files.map(({ path, what, added, removed }) => [path, what, added, removed])).toEqual([
    ['bin', 'binary', 0, 0],
    ['gone.txt', 'deleted', 0, 1],
    ['new.txt', 'added', 1, 0],
    ['train.py', 'changed', 2, 3],
    ['wörter und räume.txt', 'changed', 1, 1],
  ])
  expect(
    files[3]?.hunks[0]?.lines.map(({ kind, before, after, text, changed }) => [kind, before, after, text, changed]),
  ).toEqual([
    ['same', 1, 1, 'a = 1', []],
    ['removed', 2, null, 'lr = 0.1', [[7, 8]]],
    ['removed', 3, null, '-- old', []],
    ['removed', 4, null, 'end', []],
    ['added', null, 2, 'lr = 0.25', [[7, 9]]],
    ['added', null, 3, 'end', []],
  ])
})

it('what is no diff, or half of one, is no fault', () => {
  fc.assert(
    fc.property(
      fc.string(),
      (text) =>
        Array.isArray(parseDiff(text)) && Array.isArray(parseDiff(`diff --git a/x b/x\n@@ -1,3 +1,2 @@\n${text}`)),
    ),
  )
  expect(parseDiff('diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-a')[0]).toMatchObject({
    path: 'x',
    removed: 1,
    added: 0,
  })
})
