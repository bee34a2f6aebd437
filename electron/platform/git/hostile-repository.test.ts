import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { codeState } from './code-state.ts'
import { diffTrees } from './diff-trees.ts'
import { filterOverrides } from './filter-overrides.ts'
import { runGit } from './run-git.ts'
import { gitSummary } from './summary.ts'
import { workingTree } from './working-tree.ts'

/** A repository with a commit and a change, whose configuration names programs wherever git takes any. */
function hostile(): {
  readonly folder: string
  readonly ran: () => readonly string[]
  readonly git: (...words: string[]) => string
} {
  const root = tempFolder()
  const folder = join(root, 'repository')
  const marks = join(root, 'marks')
  mkdirSync(folder)
  mkdirSync(marks)
  const git = (...words: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...words], {
      cwd: folder,
      encoding: 'utf8',
    })
  git('init', '-q', '--initial-branch', 'trunk')
  writeFileSync(join(folder, 'train.py'), 'lr = 1\n')
  writeFileSync(join(folder, 'data.bin'), 'a\0b')
  git('add', '.')
  git('commit', '-qm', 'first')
  writeFileSync(join(folder, '.gitattributes'), '* filter=evil diff=evil merge=evil\n*.py filter=pro\n')
  writeFileSync(join(folder, 'train.py'), 'lr = 2\n')
  const mark = (name: string): string => `touch ${join(marks, name)}; cat`
  for (const [key, name] of [
    ['core.fsmonitor', 'fsmonitor'],
    ['core.pager', 'pager'],
    ['core.hooksPath', 'hooks'],
    ['core.sshCommand', 'ssh'],
    ['core.editor', 'editor'],
    ['diff.external', 'external'],
    ['diff.evil.command', 'command'],
    ['diff.evil.textconv', 'textconv'],
    ['merge.evil.driver', 'merge'],
    ['filter.evil.clean', 'clean'],
    ['filter.evil.smudge', 'smudge'],
    ['filter.pro.process', 'process'],
    ['filter.evil.required', 'required'],
    ['alias.status', 'alias'],
  ] as const)
    git(
      'config',
      key,
      key === 'filter.evil.required' ? 'true' : key.startsWith('alias') ? `!${mark(name)}` : mark(name),
    )
  return { folder, git, ran: () => execFileSync('ls', [marks], { encoding: 'utf8' }).split('\n').filter(Boolean) }
}

describe('a repository whose configuration names programs', () => {
  it('is read like any other, and none of them is started', async () => {
    const { folder, ran, git } = hostile()
    const commit = git('-c', 'core.fsmonitor=false', 'rev-parse', 'HEAD').trim()
    const summary = await gitSummary(folder)
    const tree = await workingTree(folder, { diff: true })
    const state = await codeState(folder, 'train.py')
    const difference = await diffTrees(folder, { commit, diff: '' }, { commit, diff: tree?.diff ?? '' })
    expect({
      summary,
      files: tree?.facts.files,
      leftOut: tree?.facts.leftOut,
      ok: difference.ok,
      state: state.length,
    }).toEqual({
      summary: { branch: 'trunk', commit, uncommitted: 2 },
      files: 1,
      leftOut: [],
      ok: true,
      state: 40,
    })
    expect(tree?.diff).toContain('-lr = 1\n+lr = 2\n')
    expect(ran()).toEqual([])
  })

  it('may also say so in a file that its configuration includes, and in a worktree’s own', async () => {
    const { folder, ran, git } = hostile()
    writeFileSync(join(folder, 'more'), '[filter "included"]\n\tclean = touch ../marks/included; cat\n')
    git('config', 'include.path', join(folder, 'more'))
    git('config', 'extensions.worktreeConfig', 'true')
    writeFileSync(join(folder, '.git', 'config.worktree'), '[filter "own"]\n\tclean = touch ../marks/own; cat\n')
    writeFileSync(join(folder, '.gitattributes'), '*.py filter=included\n*.bin filter=own\n')
    writeFileSync(join(folder, 'data.bin'), 'c\0d')
    expect((await workingTree(folder, { diff: true }))?.facts.files).toBe(2)
    expect(ran()).toEqual([])
  })

  it('is not looked into where a filter’s name cannot be told to git', async () => {
    const { folder, ran } = hostile()
    const config = join(folder, '.git', 'config')
    writeFileSync(config, '[filter "a=b"]\n\tclean = touch ../marks/named; cat\n', { flag: 'a' })
    writeFileSync(join(folder, '.gitattributes'), '* filter=a=b\n')
    expect(await gitSummary(folder)).toBeNull()
    expect((await workingTree(folder, { diff: true }))?.facts.leftOut).toEqual([
      'Changed files after the first 0: git failed: the repository has a filter that cannot be switched off.',
    ])
    expect(ran()).toEqual([])
  })
})

describe('the user’s own filters', () => {
  it('stay, as Git LFS needs them', async () => {
    const { folder } = hostile()
    const home = tempFolder()
    const own = join(home, 'ran')
    writeFileSync(join(home, '.gitconfig'), `[filter "mine"]\n\tclean = touch ${own} && cat\n`)
    writeFileSync(join(folder, '.gitattributes'), '*.py filter=mine\n')
    const environment = { HOME: home, XDG_CONFIG_HOME: home, GIT_CONFIG_GLOBAL: join(home, '.gitconfig') }
    const answer = await runGit({ folder, arguments: ['status', '--porcelain'], environment })
    expect([answer.code, existsSync(own)]).toEqual([0, true])
  })

  it('take the place of those that a repository names alike', () => {
    const answer = [
      'global\0filter.lfs.clean\ngit-lfs clean -- %f\0',
      'global\0filter.lfs.required\ntrue\0',
      'local\0filter.lfs.clean\nevil\0',
      'worktree\0filter.a.b.process\nevil\0',
      'system\0filter.quiet.clean\nmine\0',
    ].join('')
    expect(filterOverrides(answer, true)?.filter((word) => word !== '-c')).toEqual([
      'filter.lfs.clean=git-lfs clean -- %f',
      'filter.lfs.process=',
      'filter.lfs.smudge=',
      'filter.lfs.required=true',
      'filter.a.b.clean=',
      'filter.a.b.process=',
      'filter.a.b.smudge=',
      'filter.a.b.required=false',
    ])
  })

  it('are off too where git does not say whose they are', () => {
    expect(
      filterOverrides('filter.lfs.clean\ngit-lfs\0filter.x.required\0', false)?.filter((word) => word !== '-c'),
    ).toEqual([
      'filter.lfs.clean=',
      'filter.lfs.process=',
      'filter.lfs.smudge=',
      'filter.lfs.required=false',
      'filter.x.clean=',
      'filter.x.process=',
      'filter.x.smudge=',
      'filter.x.required=false',
    ])
    expect([filterOverrides('', true), filterOverrides('local\0filter.a=b.clean\nx\0', true)]).toEqual([[], undefined])
  })
})
