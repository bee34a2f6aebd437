import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { workingTree } from '#electron/platform/git/working-tree.ts'
import { codeDifference, type RecordedCode } from './code-difference.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'code-'))
  git('init', '-q')
  git('config', 'user.email', 'ada@example.org')
  git('config', 'user.name', 'Ada')
  writeFileSync(join(folder, 'train.py'), 'a\nb\nc\n')
  writeFileSync(join(folder, 'model.py'), 'x\n')
  git('add', '-A')
  git('commit', '-q', '-m', 'first')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function git(...words: readonly string[]): void {
  execFileSync('git', words, { cwd: folder, stdio: 'ignore' })
}

/** What a launch would record now. */
async function record(name: string): Promise<RecordedCode> {
  const state = await workingTree(folder, { diff: true })
  return { name, git: state?.facts ?? null, diff: state?.diff ?? null }
}

test('what a launch records is enough to tell the code of any two runs apart', async () => {
  writeFileSync(join(folder, 'train.py'), 'a\nB\nc\n')
  const first = await record('first')
  writeFileSync(join(folder, 'train.py'), 'a\nB\nc\nd\n')
  writeFileSync(join(folder, 'model.py'), 'y\n')
  const second = await record('second')
  git('commit', '-q', '-am', 'second')
  const third = await record('third')
  expect(await codeDifference(first, second, folder)).toMatchObject({ added: 2, removed: 1, files: 2, why: null })
  expect(await codeDifference(second, third, folder)).toEqual({ diff: '', added: 0, removed: 0, files: 0, why: null })
  const { diff } = await codeDifference(third, first, folder)
  expect(diff).toContain('-d\n')
})

test('a person’s own way of showing diffs does not spoil what is recorded', async () => {
  for (const setting of ['diff.noprefix', 'diff.mnemonicPrefix', 'diff.renames', 'color.diff']) {
    git('config', setting, setting === 'color.diff' ? 'always' : 'true')
  }
  const first = await record('first')
  writeFileSync(join(folder, 'train.py'), 'a\nB\nc\n')
  const second = await record('second')
  expect(await codeDifference(first, second, folder)).toMatchObject({ added: 1, removed: 1, files: 1, why: null })
})

test('without the repository two runs of one commit are compared by their recorded changes', async () => {
  writeFileSync(join(folder, 'train.py'), 'a\nB\nc\n')
  const first = await record('first')
  git('checkout', '-q', 'train.py')
  writeFileSync(join(folder, 'model.py'), 'y\nz\n')
  const second = await record('second')
  const exact = await codeDifference(first, second, folder)
  const gone = (code: RecordedCode): RecordedCode => ({
    ...code,
    git: code.git && { ...code.git, root: join(folder, 'gone') },
  })
  const told = await codeDifference(gone(first), gone(second), join(folder, 'gone'))
  const byFile = (diff: string | null): readonly string[] => (diff ?? '').split(/(?=^diff --git)/m).toSorted()
  expect(byFile(told.diff)).toEqual(byFile(exact.diff))
  expect({ ...told, diff: '' }).toEqual({
    diff: '',
    added: 3,
    removed: 2,
    files: 2,
    why: `There is no git repository at ${join(folder, 'gone')}.`,
  })
  // A file that both changed can't be told without the commit.
  writeFileSync(join(folder, 'model.py'), 'other\n')
  const third = await record('third')
  const untold = await codeDifference(gone(second), gone(third), join(folder, 'gone'))
  expect(untold).toMatchObject({ diff: '', files: 1 })
  expect(untold.why).toContain('Both runs had changes of their own in model.py')
})

test('what was not recorded is said', async () => {
  const first = await record('first')
  expect(await codeDifference({ name: 'bare', git: null, diff: null }, first, folder)).toEqual({
    diff: null,
    added: 0,
    removed: 0,
    files: 0,
    why: 'Nothing is recorded of the code of bare.',
  })
  writeFileSync(join(folder, 'notes.txt'), 'untracked')
  writeFileSync(join(folder, 'train.py'), 'A\nb\nc\n')
  const second = await record('second')
  expect((await codeDifference(first, second, folder)).why).toBe('Files that git does not track are not compared.')
  const unrecorded = { ...second, diff: null }
  expect((await codeDifference(first, unrecorded, folder)).why).toBe(
    'The uncommitted changes of second were not recorded. Files that git does not track are not compared.',
  )
  const elsewhere = { ...first, git: first.git && { ...first.git, commit: 'f'.repeat(40) } }
  expect(await codeDifference(elsewhere, second, folder)).toMatchObject({
    diff: null,
    why: 'The repository has no commit ffffffffffff any more.',
  })
})

test('changed binary files are left out and said, the rest is compared', async () => {
  writeFileSync(join(folder, 'weights.bin'), Buffer.from([0, 1, 2]))
  git('add', '-A')
  git('commit', '-q', '-m', 'binary')
  const first = await record('first')
  writeFileSync(join(folder, 'weights.bin'), Buffer.from([0, 9, 9, 9]))
  writeFileSync(join(folder, 'train.py'), 'a\nb\n')
  const second = await record('second')
  expect(await codeDifference(first, second, folder)).toMatchObject({
    removed: 1,
    files: 1,
    why: 'Changes of a binary file are not compared.',
  })
})
