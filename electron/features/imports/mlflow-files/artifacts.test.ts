import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { artifactFinder } from './artifacts.ts'
import { openPlace } from './files.ts'
import { type Files, writeFiles } from './store.fixture.ts'

describe('artifactFinder', () => {
  const found = (files: Files, address: string | null, base = tempFolder()) => {
    writeFiles(base, { 'mlruns/7/r/meta.yaml': '', ...files })
    const finder = artifactFinder(openPlace(join(base, 'mlruns'), () => {}))
    const artifacts = finder.find(join(base, 'mlruns', '7', 'r'), 'r', address)
    return artifacts.at === 'folder' ? artifacts.path.slice(base.length + 1) : artifacts
  }
  const beside = { 'mlruns/7/r/artifacts/a.png': 'x' }
  const empty = { 'mlruns/7/r/artifacts/': '' }

  it('takes what lies beside the meta, wherever the record says it lay', () => {
    for (const address of [
      'file:///gone/mlruns/7/r/artifacts',
      String.raw`file:C:\gone\7/r/artifacts`,
      's3://b/7/r/artifacts',
      null,
    ]) {
      expect(found(beside, address)).toBe('mlruns/7/r/artifacts')
    }
  })

  it('finds the folder that a server kept beside the store', () => {
    const files = { ...empty, 'mlartifacts/7/r/artifacts/a': 'x' }
    expect(found(files, 'mlflow-artifacts:/7/r/artifacts')).toBe('mlartifacts/7/r/artifacts')
    expect(found({ ...empty, 'mlartifacts/7/other/artifacts/a': 'x' }, 'mlflow-artifacts:/7/r/artifacts')).toEqual({
      at: 'none',
    })
    expect(found(empty, 'mlflow-artifacts:/7/r/artifacts')).toEqual({
      at: 'missing',
      address: 'mlflow-artifacts:/7/r/artifacts',
    })
  })

  it('finds the recorded folder itself, or the end of its path around the store', () => {
    const base = tempFolder()
    const recorded = `${base}/elsewhere/x/r/artifacts`
    expect(found({ ...empty, 'elsewhere/x/r/artifacts/a': 'x' }, recorded, base)).toBe('elsewhere/x/r/artifacts')
    expect(found({ ...empty, 'out/x/r/artifacts/a': 'x' }, 'file:///home/b/project/out/x/r/artifacts')).toBe(
      'out/x/r/artifacts',
    )
    expect(found({ 'out/x/r/artifacts/a': 'x' }, './out/x/r/artifacts')).toBe('out/x/r/artifacts')
  })

  it('finds what lies in a folder that a person named, a copy of a remote store too, and no link there that leads out', () => {
    const base = tempFolder()
    writeFiles(base, {
      'mlruns/7/r/meta.yaml': '',
      'mlruns/7/r/artifacts/': '',
      'disk/7/r/artifacts/a': 'x',
      'disk/7/s/': '',
      'secret/artifacts/b': 'x',
    })
    symlinkSync(join(base, 'secret', 'artifacts'), join(base, 'disk/7/s/artifacts'))
    const finder = artifactFinder(
      openPlace(join(base, 'mlruns'), () => {}),
      join(base, 'disk'),
    )
    const find = (id: string, address: string) => finder.find(join(base, 'mlruns/7', id), id, address)
    const there = { at: 'folder', path: join(base, 'disk/7/r/artifacts') }
    expect(find('r', 'mlflow-artifacts:/7/r/artifacts')).toEqual(there)
    expect(find('r', 'file:///srv/files/7/r/artifacts')).toEqual(there)
    expect(find('r', 's3://bucket/x/7/r/artifacts')).toEqual(there)
    expect(find('t', 's3://bucket/x/8/t/artifacts')).toEqual({ at: 'remote', address: 's3://bucket/x/8/t/artifacts' })
    expect(find('s', 'mlflow-artifacts:/7/s/artifacts')).toMatchObject({ at: 'missing' })
  })

  it('takes an empty folder where nothing was logged, and not where files lay elsewhere', () => {
    expect(found(empty, 'file:///gone/mlruns/7/r/artifacts')).toBe('mlruns/7/r/artifacts')
    expect(found(empty, 'file:///mnt/share/exp/r/artifacts')).toEqual({
      at: 'missing',
      address: 'file:///mnt/share/exp/r/artifacts',
    })
    expect(found(empty, 's3://b/7/r/artifacts')).toEqual({ at: 'remote', address: 's3://b/7/r/artifacts' })
    expect(found({}, '/gone/7/r/artifacts')).toEqual({ at: 'missing', address: '/gone/7/r/artifacts' })
    expect(found({}, null)).toEqual({ at: 'none' })
  })

  it('takes none where the folder that the experiment has elsewhere is here without the run', () => {
    const base = tempFolder()
    const recorded = `${base}/art/exp/r/artifacts`
    expect(found({ ...empty, 'art/exp/other/artifacts/a': 'x' }, recorded, base)).toEqual({ at: 'none' })
    // Copied along with the store, from another machine.
    expect(found({ ...empty, 'art/exp/other/artifacts/a': 'x' }, 'file:///home/b/art/exp/r/artifacts')).toEqual({
      at: 'none',
    })
    expect(found({ ...empty, 'art/exp/': '' }, 'file:///home/b/art/exp/r/artifacts')).toMatchObject({ at: 'missing' })
  })

  it('follows a link to a folder of the run’s own or of the store, and to no other', () => {
    const found = (target: string) => {
      const base = tempFolder()
      writeFiles(base, {
        'home/.ssh/id': 'x',
        'disk/r/artifacts/a': 'x',
        'mlruns/7/r/meta.yaml': '',
        'mlruns/kept/a': 'x',
      })
      symlinkSync(join(base, target), join(base, 'mlruns/7/r/artifacts'))
      const notes: string[] = []
      const finder = artifactFinder(openPlace(join(base, 'mlruns'), ({ what, why }) => notes.push(`${what}: ${why}`)))
      return [finder.find(join(base, 'mlruns/7/r'), 'r', 'file:///gone/mlruns/7/r/artifacts').at, ...notes]
    }
    expect(found('disk/r/artifacts')).toEqual(['folder'])
    expect(found('mlruns/kept')).toEqual(['folder'])
    expect(found('home/.ssh')).toEqual(['missing', '7/r/artifacts: it is a link that leads out of the store'])
  })

  it('takes no other folder of this machine for a run’s', () => {
    const base = tempFolder()
    writeFiles(base, { 'home/.ssh/id': 'x', 'home/r/artifacts/a': 'x' })
    for (const address of [`${base}/home/.ssh`, `file://${base}/home/x/../r/artifacts`, `${base}/home/r/../.ssh`]) {
      expect(found({}, address, base)).toEqual({ at: 'missing', address })
    }
  })
})
