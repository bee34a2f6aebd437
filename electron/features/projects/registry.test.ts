import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ProjectId } from '#shared/contract/common.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import type { Known } from './read-registry.ts'
import { folderKey, openRegistry, projectIdFor } from './registry.ts'

const known = (id: string, more: Partial<Known> = {}): Known => ({
  id,
  name: id,
  folder: `/home/ada/${id}`,
  openedAt: 1,
  inbox: false,
  ...more,
})

describe('the registry', () => {
  it('finds what is left of a list in as many braces as there may be', () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'projects.json'), `${'{'.repeat(400_000)}${JSON.stringify(known('left'))}`)
    expect(openRegistry(folder).list()).toEqual([known('left')])
  })

  it('keeps what was put, newest first and the Inbox last, over a restart', () => {
    const folder = tempFolder()
    const registry = openRegistry(folder)
    registry.put(known('old', { openedAt: 1 }))
    registry.put(known('inbox', { inbox: true, openedAt: 9 }))
    registry.put(known('new', { openedAt: 5 }))
    registry.put(known('old', { openedAt: 7, name: 'Old' }))
    registry.put(known('gone'))
    registry.remove('gone')
    for (const opened of [registry, openRegistry(folder)]) {
      expect(opened.list().map(({ id, name }) => [id, name])).toEqual([
        ['old', 'Old'],
        ['new', 'new'],
        ['inbox', 'inbox'],
      ])
      expect([opened.find('new')?.openedAt, opened.find('gone'), opened.ofFolder('/home/ada/old')?.id]).toEqual([
        5,
        undefined,
        'old',
      ])
    }
    expect(statSync(join(folder, 'projects.json')).mode & 0o777).toBe(0o600)
  })

  it.each(['', '{', '{}', '[{"id":3}]'])('sets a damaged file aside rather than write over it: %j', (text) => {
    const folder = tempFolder()
    const file = join(folder, 'projects.json')
    writeFileSync(file, text)
    const registry = openRegistry(folder)
    expect(registry.list()).toEqual([])
    registry.put(known('new'))
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text)
    expect(
      openRegistry(folder)
        .list()
        .map(({ id }) => id),
    ).toEqual(['new'])
  })

  it('finds again what a damaged file still says, and what it said before its last change', () => {
    const three = ['a', 'b {"}', 'c'].map((id) => known(id, { folder: `/home/ada/${id}` }))
    const text = JSON.stringify(three, null, 2)
    for (const [damaged, expected] of [
      [text.slice(0, -3), ['a', 'b {"}', 'c']],
      [text.slice(0, -20), ['a', 'b {"}', 'c']],
      [text.slice(0, text.lastIndexOf('"name"')), ['a', 'b {"}']],
      [`{"projects": ${text}}`, ['a', 'b {"}', 'c']],
      [JSON.stringify([three[0], { ...three[1], openedAt: 'x' }, 7, null, { id: 3 }]), ['a', 'b {"}']],
      [text.slice(40), ['b {"}', 'c']],
      ['\0'.repeat(500), []],
      [`${'{'.repeat(200)}${text}`, ['a', 'b {"}', 'c']],
    ] as const) {
      const folder = tempFolder()
      const file = join(folder, 'projects.json')
      writeFileSync(file, damaged)
      const ids = (): readonly string[] =>
        openRegistry(folder)
          .list()
          .map(({ id }) => id)
          .toSorted()
      expect([damaged, ids()]).toEqual([damaged, expected])
      // It stays so without the damaged one.
      expect([damaged, ids()]).toEqual([damaged, expected])
      expect(openRegistry(folder).damaged()).toEqual([`${file}.damaged`])
    }
    const folder = tempFolder()
    const file = join(folder, 'projects.json')
    const registry = openRegistry(folder)
    for (const one of three) registry.put(one)
    registry.put(known('newest'))
    for (const [count, text] of ['', '[{"id":"z","folder":"/z"', ''].entries()) {
      writeFileSync(file, text)
      const again = openRegistry(folder)
      expect(again.list().map(({ id }) => id)).toEqual(expect.arrayContaining(['a', 'b {"}', 'c']))
      expect(again.damaged()).toHaveLength(count + 1)
      again.put(known('newest'))
      again.put(known('newest', { openedAt: 3 }))
    }
  })

  it('leaves nothing where nothing was put', () => {
    const folder = tempFolder()
    expect(openRegistry(folder).list()).toEqual([])
    expect(existsSync(join(folder, 'projects.json.damaged'))).toBe(false)
  })
})

describe('projectIdFor', () => {
  it('is readable, is a project id, and is the folder’s own', () => {
    for (const [folder, begin] of [
      ['/home/ada/Churn study', 'churn-study'],
      ['/home/ada/Müller & Söhne', 'muller-sohne'],
      ['/home/ada/学習', 'project'],
      ['/home/ada/--x--', 'x'],
      ['/', 'project'],
      [`/home/${'a'.repeat(200)}`, 'a'.repeat(40)],
    ] as const) {
      const id = projectIdFor(folder)
      expect(id).toBe(`${begin}-${folderKey(folder).slice(0, 4)}`)
      expect(ProjectId.safeParse(id).success).toBe(true)
    }
    expect(projectIdFor('/a/churn')).not.toBe(projectIdFor('/b/churn'))
  })
})
