import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { absoluteFolder, makePlace, networkDisk, placeFor, projectFolder } from './place.ts'
import { folderKey } from './registry.ts'

const made = (...parts: readonly string[]): string => {
  const folder = join(...(parts as [string]))
  mkdirSync(folder, { recursive: true })
  return folder
}

function repository(folder: string): (...words: string[]) => string {
  const git = (...words: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...words], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    })
  git('init', '-q', '--initial-branch', 'trunk')
  git('commit', '-q', '--allow-empty', '-m', 'first')
  return git
}

describe('projectFolder', () => {
  it('is the folder that a person names, links followed', () => {
    const root = tempFolder()
    const folder = made(root, 'churn study')
    symlinkSync(folder, join(root, 'link'))
    expect([
      projectFolder(folder),
      projectFolder(join(root, 'link')),
      projectFolder(`${folder}/../churn study/`),
    ]).toEqual([folder, folder, folder])
    expect([absoluteFolder('~'), absoluteFolder('~/x'), projectFolder('~')]).toEqual([
      homedir(),
      join(homedir(), 'x'),
      realpathSync(homedir()),
    ])
  })

  it('says what is wrong with one that cannot be', () => {
    const root = tempFolder()
    writeFileSync(join(root, 'file'), '')
    for (const [given, code] of [
      ['churn', 'invalid'],
      ['', 'invalid'],
      ['~ada/churn', 'invalid'],
      [`${root}/a\0b`, 'invalid'],
      [join(root, 'none'), 'not_found'],
      [join(root, 'file'), 'invalid'],
    ])
      expect(() => projectFolder(given ?? '')).toThrow(expect.objectContaining({ code, field: 'folder' }))
  })

  it('is the main tree of a git worktree, so that all worktrees have one history', () => {
    const root = tempFolder()
    const main = made(root, 'main')
    const git = repository(main)
    git('worktree', 'add', '-q', join(root, 'fix'))
    git('worktree', 'add', '-q', join(main, 'inside'))
    expect([projectFolder(join(root, 'fix')), projectFolder(join(main, 'inside')), projectFolder(main)]).toEqual([
      main,
      main,
      main,
    ])
  })

  it('is the folder itself for a submodule, a damaged worktree, and one whose main tree is gone', () => {
    const root = tempFolder()
    for (const [name, text] of [
      ['submodule', 'gitdir: ../main/.git/modules/submodule\n'],
      ['damaged', 'not a gitdir'],
      ['orphan', `gitdir: ${join(root, 'gone', '.git', 'worktrees', 'orphan')}\n`],
      ['huge', 'x'.repeat(100_000)],
    ] as const) {
      const folder = made(root, name)
      writeFileSync(join(folder, '.git'), text)
      expect(projectFolder(folder)).toBe(folder)
    }
  })
})

describe('placeFor', () => {
  it('is inside the folder', () => {
    const root = tempFolder()
    const folder = made(root, 'churn')
    const place = placeFor(folder, join(root, 'data'))
    expect(place).toEqual({ place: join(folder, '.benchtop'), why: null })
    makePlace(folder, place)
    expect([
      statSync(join(folder, '.benchtop', 'artifacts')).isDirectory(),
      readFileSync(join(folder, '.benchtop', '.gitignore'), 'utf8'),
    ]).toEqual([true, '*\n'])
    writeFileSync(join(folder, '.benchtop', '.gitignore'), 'mine\n')
    makePlace(folder, place)
    expect(readFileSync(join(folder, '.benchtop', '.gitignore'), 'utf8')).toBe('mine\n')
  })

  it('ignores itself in git, so that a repository stays clean', () => {
    const folder = made(tempFolder(), 'churn')
    const git = repository(folder)
    makePlace(folder, placeFor(folder, join(folder, '..', 'data')))
    expect(git('status', '--porcelain', '--untracked-files=all')).toBe('')
  })

  it.each([
    'Dropbox',
    'OneDrive',
    'OneDrive - University',
    'Google Drive',
    'GoogleDrive',
    'Library/Mobile Documents/x',
  ])('is in the data folder for one that %s keeps in step, with a word left in the folder', (service) => {
    const root = tempFolder()
    const data = join(root, 'data')
    const folder = made(root, service, 'churn')
    const place = placeFor(folder, data)
    expect(place).toEqual({
      place: join(data, 'projects', folderKey(folder)),
      why: expect.stringMatching(/^The folder is synced by .*, which would tear a live database\.$/),
    })
    makePlace(folder, place)
    expect(existsSync(join(place.place, 'artifacts'))).toBe(true)
    expect(readFileSync(join(folder, '.benchtop', 'database-is-elsewhere.txt'), 'utf8')).toBe(
      `${place.why}\nThe database of this project is in ${place.place}\n`,
    )
    // Asked again, it is the same: the word that was left there is no project.
    expect(placeFor(folder, data)).toEqual(place)
  })

  it('knows folders by more than a part of their name', () => {
    const root = tempFolder()
    for (const name of ['MyDropbox', 'OneDriveBackup', 'Dropboxes']) expect(networkDisk(made(root, name))).toBeNull()
    expect(networkDisk(join(root, 'none'))).toBeNull()
  })
})

it('a history that began elsewhere, when the folder was read-only, goes on there', () => {
  const folder = tempFolder()
  const data = join(folder, 'data')
  const elsewhere = join(data, 'projects', folderKey(folder))
  mkdirSync(elsewhere, { recursive: true })
  writeFileSync(join(elsewhere, 'project.db'), '')
  const place = placeFor(folder, data)
  expect(place).toEqual({ place: elsewhere, why: 'The folder could not be written when its history began.' })
  makePlace(folder, place)
  expect(readFileSync(join(folder, '.benchtop', 'database-is-elsewhere.txt'), 'utf8')).toContain(elsewhere)
  // One that lies in the folder is the folder's own.
  writeFileSync(join(folder, '.benchtop', 'project.db'), '')
  expect(placeFor(folder, data).why).toBeNull()
})

it('a file in the place of the history is left, and the history lies elsewhere', () => {
  const folder = tempFolder()
  const data = join(folder, 'data')
  writeFileSync(join(folder, '.benchtop'), 'mine')
  const place = placeFor(folder, data)
  expect(place).toEqual({
    place: join(data, 'projects', folderKey(folder)),
    why: 'A file named .benchtop stands where the history would lie.',
  })
  makePlace(folder, place)
  expect(readFileSync(join(folder, '.benchtop'), 'utf8')).toBe('mine')
})

it('a synced folder has its history elsewhere, whatever lies in it', () => {
  const folder = join(tempFolder(), 'Dropbox', 'study')
  mkdirSync(join(folder, '.benchtop'), { recursive: true })
  writeFileSync(join(folder, '.benchtop', 'project.db'), '')
  expect(networkDisk(folder)).toMatch(/synced by Dropbox/)
  expect(placeFor(folder, '/data')).toEqual({
    place: join('/data/projects', folderKey(folder)),
    why: networkDisk(folder),
  })
})
