import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '#electron/shim/shim-process.fixture.ts'
import { codeState } from './code-state.ts'
import { workingTree } from './working-tree.ts'

function repository(): { readonly folder: string; readonly git: (...given: readonly string[]) => string } {
  const folder = temporaryFolder('git')
  const git = (...given: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...given], {
      cwd: folder,
      encoding: 'utf8',
    }).trim()
  git('init', '-q', '-b', 'trunk')
  return { folder, git }
}

describe('the working tree of a run', () => {
  it('is what git says: commit, branch, remote, lines, names with blanks and letters of all kinds', async () => {
    const { folder, git } = repository()
    writeFileSync(join(folder, 'train.py'), 'a\nb\nc\n')
    writeFileSync(join(folder, 'größe x.py'), 'one\n')
    git('add', '.')
    git('commit', '-qm', 'first')
    git('remote', 'add', 'upstream', 'https://example.org/u.git')
    git('remote', 'add', 'origin', 'https://example.org/o.git')
    writeFileSync(join(folder, 'train.py'), 'a\nB\nc\nd\n')
    writeFileSync(join(folder, 'größe x.py'), 'two\n')
    writeFileSync(join(folder, 'new\nfile.py'), 'x')
    const tree = await workingTree(folder, { diff: true })
    expect(tree?.facts).toEqual({
      root: folder,
      commit: git('rev-parse', 'HEAD'),
      branch: 'trunk',
      remote: 'https://example.org/o.git',
      added: 3,
      removed: 2,
      files: 2,
      untracked: ['new\nfile.py'],
      untrackedCount: 1,
      leftOut: [],
    })
    expect(tree?.diff).toContain('-b\n+B\n c\n+d\n')
    expect(tree?.diff).toContain('größe x.py')
  })

  it('is null outside of a repository, and whole in one without a commit', async () => {
    expect(await workingTree(tmpdir(), { diff: true })).toBeNull()
    const { folder, git } = repository()
    writeFileSync(join(folder, 'a.py'), 'x\n')
    git('add', '.')
    const tree = await workingTree(folder, { diff: true })
    expect(tree?.facts).toMatchObject({ commit: null, branch: 'trunk', added: 1, files: 1 })
    expect(tree?.diff).toContain('+x')
  })

  it('leaves the largest files out of the diff and says so', async () => {
    const { folder, git } = repository()
    writeFileSync(join(folder, 'big.csv'), '')
    writeFileSync(join(folder, 'small.py'), '')
    git('add', '.')
    git('commit', '-qm', 'first')
    writeFileSync(join(folder, 'big.csv'), 'row\n'.repeat(30_000))
    writeFileSync(join(folder, 'small.py'), 'print()\n')
    const tree = await workingTree(folder, { diff: true })
    expect(tree?.facts.leftOut).toEqual(['The diff of big.csv: 30000 lines.'])
    expect(tree?.facts.added).toBe(30_001)
    expect(tree?.diff).toContain('small.py')
    expect(tree?.diff).not.toContain('big.csv')
  })

  it('cuts a diff of endless lines between two files', async () => {
    const { folder, git } = repository()
    for (const name of ['a.json', 'b.json']) writeFileSync(join(folder, name), '')
    git('add', '.')
    git('commit', '-qm', 'first')
    writeFileSync(join(folder, 'a.json'), 'small\n')
    writeFileSync(join(folder, 'b.json'), 'x'.repeat(5 << 20))
    const tree = await workingTree(folder, { diff: true })
    expect(tree?.diff).toContain('a.json')
    expect(tree?.diff?.length).toBeLessThan(1_000)
    expect(tree?.facts.leftOut).toHaveLength(1)
  })

  it('takes no lock and runs nothing that the repository names', async () => {
    const { folder, git } = repository()
    writeFileSync(join(folder, 'a.py'), 'x\n')
    git('add', '.')
    git('commit', '-qm', 'first')
    git('config', 'core.fsmonitor', `touch ${folder}/ran-monitor`)
    git('config', 'diff.external', `touch ${folder}/ran-diff`)
    utimesSync(join(folder, 'a.py'), 1, 1)
    writeFileSync(join(folder, '.git', 'index.lock'), '')
    const tree = await workingTree(folder, { diff: true })
    expect(tree?.facts.leftOut).toEqual([])
    expect([existsSync(join(folder, 'ran-monitor')), existsSync(join(folder, 'ran-diff'))]).toEqual([false, false])
  })

  it('counts thousands of untracked files and keeps the first names', async () => {
    const { folder } = repository()
    mkdirSync(join(folder, 'many'))
    for (let index = 0; index < 3_000; index++) writeFileSync(join(folder, 'many', String(index)), '')
    const tree = await workingTree(folder, { diff: false })
    expect(tree?.facts.untrackedCount).toBe(3_000)
    expect(tree?.facts.untracked).toHaveLength(1_000)
    expect(tree?.facts.leftOut).toEqual(['The names of 2000 untracked files after the first 1000.'])
    expect(tree?.diff).toBeNull()
  })
})

describe('the state of the code', () => {
  it('changes with the code, and not with data, nor with a look at it', async () => {
    const { folder, git } = repository()
    writeFileSync(join(folder, 'train.py'), 'a\n')
    git('add', '.')
    git('commit', '-qm', 'first')
    const first = await codeState(folder, 'train.py')
    writeFileSync(join(folder, 'weights.bin'), 'data')
    expect(await codeState(folder, 'train.py')).toBe(first)
    writeFileSync(join(folder, 'new.py'), 'x')
    const second = await codeState(folder, 'train.py')
    expect(second).not.toBe(first)
    appendFileSync(join(folder, 'train.py'), 'b\n')
    expect(await codeState(folder, 'train.py')).not.toBe(second)
  })

  it('is known without git too', async () => {
    const folder = temporaryFolder('plain')
    writeFileSync(join(folder, 'train.py'), 'a\n')
    const first = await codeState(folder, null)
    expect(await codeState(folder, null)).toBe(first)
    appendFileSync(join(folder, 'train.py'), 'b\n')
    expect(await codeState(folder, null)).not.toBe(first)
  })
})
