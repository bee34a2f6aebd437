import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { diffTrees } from './diff-trees.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diff trees "ü" '))
  git('init', '-q', '--initial-branch', 'main')
  git('config', 'user.email', 'ada@example.org')
  git('config', 'user.name', 'Ada')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function git(...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function commit(message: string): string {
  git('add', '-A')
  git('commit', '-q', '--allow-empty', '-m', message)
  return git('rev-parse', 'HEAD').trim()
}

const uncommitted = (): string => git('diff', 'HEAD')

/**
 * Every file of the repository with its content, and its time. (Not that of an object: git renews it when it would have written the same one, so that
 * a clean-up running at the time does not take it.)
 */
function snapshot(at = join(folder, '.git')): readonly string[] {
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const stat = statSync(join(at, name))
      const content = stat.isFile()
        ? createHash('sha256')
            .update(readFileSync(join(at, name)))
            .digest('hex')
        : 'folder'
      return `${name} ${/^objects.[0-9a-f]{2}./.test(name) ? '' : stat.mtimeMs} ${content}`
    })
}

const lines = (count: number, word: string): string =>
  Array.from({ length: count }, (_, index) => `${word} ${index}\n`).join('')

test('two commits with changes on top differ by what lies between the files that were really there', async () => {
  write('train.py', lines(40, 'line'))
  write('src/ünïcode näme.py', 'a\n')
  write('gone.py', lines(5, 'gone'))
  const first = commit('first')
  write('train.py', lines(40, 'line').replace('line 3\n', 'line three\n'))
  const firstDiff = uncommitted()
  const firstTree = git('write-tree').trim()
  git('add', '-A')
  const firstFiles = git('write-tree').trim()
  git('reset', '-q', '--hard')
  expect(firstTree).not.toBe(firstFiles)
  rmSync(join(folder, 'gone.py'))
  write('new.py', 'no line break at the end')
  const second = commit('second')
  write('train.py', lines(40, 'line').replace('line 30\n', '').replace('line 0\n', 'zero\n'))
  write('src/ünïcode näme.py', 'a\nb\n')
  const secondDiff = uncommitted()
  git('add', '-A')
  const secondFiles = git('write-tree').trim()

  const before = snapshot()
  const found = await diffTrees(folder, { commit: first, diff: firstDiff }, { commit: second, diff: secondDiff })
  expect(snapshot()).toEqual(before)
  expect(found).toEqual({
    ok: true,
    value: {
      diff: git('-c', 'core.quotePath=false', 'diff', '-M', firstFiles, secondFiles),
      added: 4,
      removed: 8,
      files: 4,
      truncated: false,
    },
  })
})

test('committed states need no files to be built, and equal ones have no difference', async () => {
  write('a', '1\n')
  const first = commit('first')
  write('a', '2\n')
  const second = commit('second')
  const difference = await diffTrees(folder, { commit: first, diff: '' }, { commit: second, diff: '' })
  expect(difference).toMatchObject({ ok: true, value: { added: 1, removed: 1, files: 1 } })
  expect(await diffTrees(folder, { commit: first, diff: '' }, { commit: first, diff: '' })).toEqual({
    ok: true,
    value: { diff: '', added: 0, removed: 0, files: 0, truncated: false },
  })
  // What was uncommitted then and was committed as it was is no difference.
  git('checkout', '-q', first)
  write('a', '2\n')
  const diff = uncommitted()
  expect(await diffTrees(folder, { commit: first, diff }, { commit: second, diff: '' })).toMatchObject({
    ok: true,
    value: { files: 0 },
  })
})

test('nothing that the repository names is run or written', async () => {
  write('a.txt', '1\n')
  write('.gitattributes', '*.txt diff=evil\n')
  const first = commit('first')
  const trap = join(folder, 'trap.sh')
  writeFileSync(trap, `#!/bin/sh\ntouch "${join(folder, 'sprung').replaceAll('"', '\\"')}"\n`)
  chmodSync(trap, 0o755)
  for (const hook of ['post-index-change', 'reference-transaction']) {
    writeFileSync(join(folder, '.git/hooks', hook), readFileSync(trap))
    chmodSync(join(folder, '.git/hooks', hook), 0o755)
  }
  const quoted = `'${trap}'`
  appendFileSync(
    join(folder, '.git/config'),
    `[core]\n\tfsmonitor = "${quoted.replaceAll('"', '\\"')}"\n\tsplitIndex = true\n[diff]\n\texternal = "${quoted.replaceAll('"', '\\"')}"\n[diff "evil"]\n\tcommand = "${quoted.replaceAll('"', '\\"')}"\n\ttextconv = "${quoted.replaceAll('"', '\\"')}"\n`,
  )
  const before = snapshot()
  const diff = 'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-1\n+2\n'
  const found = await diffTrees(folder, { commit: first, diff: '' }, { commit: first, diff })
  expect(found).toMatchObject({ ok: true, value: { added: 1, removed: 1, files: 1 } })
  expect(snapshot()).toEqual(before)
  expect(readdirSync(folder)).not.toContain('sprung')
})

test('a repository without a commit is compared with its recorded changes alone', async () => {
  const diff = 'diff --git a/a b/a\nnew file mode 100644\n--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+1\n'
  const found = await diffTrees(folder, { commit: null, diff: '' }, { commit: null, diff })
  expect(found).toMatchObject({ ok: true, value: { added: 1, removed: 0, files: 1 } })
})

test('a large difference is cut after a whole file, and counted in full', async () => {
  const first = commit('first')
  for (let file = 0; file < 20; file++) write(`f${String(file).padStart(2, '0')}`, lines(100, 'word'))
  const second = commit('second')
  const found = await diffTrees(folder, { commit: first, diff: '' }, { commit: second, diff: '' }, { limit: 5_000 })
  expect(found).toMatchObject({ ok: true, value: { truncated: true, files: 20, added: 2_000 } })
  const { diff } = (found as { readonly value: { readonly diff: string } }).value
  expect(diff.length).toBeLessThanOrEqual(5_000)
  expect(diff.match(/^diff --git/gm)).toHaveLength(4)
  expect(diff.endsWith('+word 99\n')).toBe(true)
})

test('each failure is a sentence', async () => {
  write('a', '1\n')
  const first = commit('first')
  const base = { commit: first, diff: '' }
  const failure = async (to: { commit: string | null; diff: string }, options = {}): Promise<unknown> => {
    const found = await diffTrees(folder, base, to, options)
    return found.ok ? 'no failure' : found.error
  }
  expect(await failure({ commit: 'f'.repeat(40), diff: '' })).toBe(
    'The repository has no commit ffffffffffff any more.',
  )
  expect(await failure({ commit: 'f'.repeat(40), diff: 'diff --git a/a b/a\n' })).toBe(
    'The repository has no commit ffffffffffff any more.',
  )
  expect(await failure({ commit: '--output=/tmp/x', diff: '' })).toBe('--output=/tmp/x is not a commit.')
  const misfit = 'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-other\n+2\n'
  expect(await failure({ commit: first, diff: misfit })).toBe(
    'The recorded changes do not fit the commit that they were made on.',
  )
  expect(await failure({ commit: first, diff: 'diff --git a/a b/a\ncut off' })).toBe(
    'The recorded changes do not fit the commit that they were made on.',
  )
  // A path that leads out of the repository is refused by git itself.
  const escaping =
    'diff --git a/../../x b/../../x\nnew file mode 100644\n--- /dev/null\n+++ b/../../x\n@@ -0,0 +1 @@\n+1\n'
  expect(await failure({ commit: first, diff: escaping })).toBe(
    'The recorded changes do not fit the commit that they were made on.',
  )
  expect(await failure({ commit: first, diff: '' }, { signal: AbortSignal.abort() })).toBe('Cancelled.')
  const outside = mkdtempSync(join(tmpdir(), 'no-repository-'))
  const found = await diffTrees(outside, base, base)
  expect(found).toEqual({ ok: false, error: `There is no git repository at ${outside}.` })
  rmSync(outside, { recursive: true })
})

test('a worktree borrows its main repository’s objects', async () => {
  write('a', '1\n')
  const first = commit('first')
  const other = mkdtempSync(join(tmpdir(), 'worktree-'))
  git('worktree', 'add', '-q', '--detach', join(other, 'w'))
  const diff = 'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n+2\n'
  const found = await diffTrees(join(other, 'w'), { commit: first, diff: '' }, { commit: first, diff })
  expect(found).toMatchObject({ ok: true, value: { files: 1 } })
  rmSync(other, { recursive: true })
})
