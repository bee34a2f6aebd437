import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reverseFileDiff, splitDiff } from './unified-diff.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unified-diff-'))
  git('init', '-q')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function git(...words: readonly string[]): string {
  try {
    return execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    // `diff --no-index` says by its exit code that there is a difference.
    return String((error as { readonly stdout?: string }).stdout ?? '')
  }
}

const text = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'c', '-- x', '++ y', '@@ z', '', '\\ no'), { maxLength: 25, size: 'max' }),
    fc.boolean(),
  )
  .map(([lines, ends]) => lines.join('\n') + (ends && lines.length > 0 ? '\n' : ''))

test('the reversed diff leads from the file after back to the file before', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      fc.pre(before !== after)
      writeFileSync(join(folder, 'old'), before)
      writeFileSync(join(folder, 'new'), after)
      const diff = git('diff', '--no-index', '--no-prefix', 'old', 'new').replaceAll(
        /\b(?:old|new)\b(?! file| mode)/g,
        'x',
      )
      const named = diff
        .replace(/^diff --git x x$/m, 'diff --git a/x b/x')
        .replace(/^--- x$/m, '--- a/x')
        .replace(/^\+\+\+ x$/m, '+++ b/x')
      const [file] = splitDiff(named)
      writeFileSync(join(folder, 'x'), after)
      writeFileSync(join(folder, 'back'), reverseFileDiff(file!))
      execFileSync('git', ['apply', '--whitespace=nowarn', 'back'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
      expect(readFileSync(join(folder, 'x'), 'utf8')).toBe(before)
      expect(reverseFileDiff(splitDiff(reverseFileDiff(file!))[0]!)).toBe(file!.text)
    }),
    { numRuns: 40 },
  )
}, 60_000)

test('files are told apart and counted, whatever their lines look like', () => {
  const diff = [
    'diff --git a/one.py b/one.py',
    'index 1..2 100644',
    '--- a/one.py',
    '+++ b/one.py',
    '@@ -1,3 +1,3 @@',
    '--- was a rule',
    '+++ is a rule',
    ' diff --git is not a new file here',
    '+more',
    'diff --git a/img.png b/img.png',
    'index 3..4 100644',
    'Binary files a/img.png and b/img.png differ',
    'diff --git a/sh b/sh',
    'old mode 100644',
    'new mode 100755',
    '',
  ].join('\n')
  expect(splitDiff(diff).map(({ head, binary, added, removed }) => ({ head, binary, added, removed }))).toEqual([
    { head: 'diff --git a/one.py b/one.py', binary: false, added: 2, removed: 1 },
    { head: 'diff --git a/img.png b/img.png', binary: true, added: 0, removed: 0 },
    { head: 'diff --git a/sh b/sh', binary: false, added: 0, removed: 0 },
  ])
  expect(
    splitDiff(diff)
      .map(({ text: part }) => part)
      .join(''),
  ).toBe(diff)
  expect(splitDiff('')).toEqual([])
  expect(splitDiff('no diff at all')).toEqual([])
})

test('a new file reversed is a deleted one', () => {
  const [file] = splitDiff(
    'diff --git "a/\\303\\274" "b/\\303\\274"\nnew file mode 100644\nindex 0000000..1\n--- /dev/null\n+++ "b/\\303\\274"\n@@ -0,0 +1 @@\n+1\n',
  )
  expect(reverseFileDiff(file!)).toBe(
    'diff --git "a/\\303\\274" "b/\\303\\274"\ndeleted file mode 100644\nindex 1..0000000\n--- "a/\\303\\274"\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n',
  )
})
