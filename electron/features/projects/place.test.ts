import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { makePlace, networkDisk, placeFor, projectFolder } from './place.ts'
import { folderKey } from './registry.ts'

test('a history lies in its folder, which git is told to leave alone', () => {
  const folder = tempFolder()
  const place = placeFor(folder, join(folder, 'data'))
  expect(place).toEqual({ place: join(folder, '.benchtop'), why: null })
  makePlace(folder, place)
  expect(readFileSync(join(folder, '.benchtop', '.gitignore'), 'utf8')).toBe('*\n')
})

test('a history that began elsewhere, when the folder was read-only, goes on there', () => {
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

test('a file in the place of the history is left, and the history lies elsewhere', () => {
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

test('a synced folder has its history elsewhere, whatever lies in it', () => {
  const folder = join(tempFolder(), 'Dropbox', 'study')
  mkdirSync(join(folder, '.benchtop'), { recursive: true })
  writeFileSync(join(folder, '.benchtop', 'project.db'), '')
  expect(networkDisk(folder)).toMatch(/synced by Dropbox/)
  expect(placeFor(folder, '/data')).toEqual({
    place: join('/data/projects', folderKey(folder)),
    why: networkDisk(folder),
  })
})

test('a folder is found behind links, and a worktree leads to its main tree', () => {
  const root = realpathSync(tempFolder())
  const main = join(root, 'main')
  const tree = join(root, 'tree')
  mkdirSync(join(main, '.git', 'worktrees', 'tree'), { recursive: true })
  mkdirSync(tree)
  writeFileSync(join(tree, '.git'), `gitdir: ${join(main, '.git', 'worktrees', 'tree')}\n`)
  symlinkSync(tree, join(root, 'link'))
  expect(projectFolder(join(root, 'link'))).toBe(main)
  // A submodule is a project of its own.
  writeFileSync(join(tree, '.git'), `gitdir: ${join(main, '.git', 'modules', 'tree')}\n`)
  expect(projectFolder(tree)).toBe(tree)
  expect(existsSync(join(tree, '.benchtop'))).toBe(false)
})
