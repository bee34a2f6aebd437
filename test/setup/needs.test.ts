import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cacheFolder, dropStamp, nameInCache, pinsOf, readStamp, versionOf, writeStamp } from './cache.ts'
import { findChromium } from './chromium.ts'
import { withLock } from './lock.ts'
import { need } from './needs.ts'
import type { Part } from './parts.ts'
import { onPath, runLoudly } from './process.ts'
import { setUp } from './set-up.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-needs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function program(name: string, script = 'exit 0'): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

it('gives what was stamped, and a reason once it is gone', () => {
  const path = program('python3')
  writeStamp(folder, 'python', { path, version: 'mlflow 3' })
  expect(need('mlflow', folder)).toEqual({ ok: true, path, version: 'mlflow 3' })

  rmSync(path)
  expect(need('mlflow', folder)).toEqual({
    ok: false,
    reason: 'needs mlflow, which the set-up has not brought (node test/setup/set-up.ts python)',
  })
})

it.each(['', '{', 'null', '{"path":3,"version":"1"}', '[]'])('reads no stamp from %j', (text) => {
  writeFileSync(join(folder, 'python.json'), text)
  expect(readStamp(folder, 'python')).toBeUndefined()
})

it('forgets a part whose stamp was dropped', () => {
  writeStamp(folder, 'git', { path: '/bin/git', version: '2' })
  dropStamp(folder, 'git')
  expect(readStamp(folder, 'git')).toBeUndefined()
})

it('keeps the cache under the home folder or where it is told to, by the hash of the pins', () => {
  expect(cacheFolder({ BENCHTOP_TEST_CACHE: folder })).toMatch(new RegExp(`^${folder}/[0-9a-f]{12}$`))
  expect(versionOf(['ab', 'c'])).not.toBe(versionOf(['a', 'bc']))
  expect(versionOf(['torch==1'])).not.toBe(versionOf(['torch==2']))
})

it('keeps a part whose pins are apart under a name of their own, so that a change of them makes nothing else anew', () => {
  expect(nameInCache('torch')).toBe('torch')
  expect(nameInCache('psutil')).toBe(`psutil-${versionOf([readFileSync(pinsOf('psutil'), 'utf8')])}`)
  const path = program('python3')
  writeStamp(folder, 'psutil', { path, version: 'psutil 7' })
  expect(readdirSync(folder)).toContain(`${nameInCache('psutil')}.json`)
  expect(need('psutil', folder)).toEqual({ ok: true, path, version: 'psutil 7' })
  expect(need('mlflow-2.9', folder)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('set-up.ts mlflow-2.9'),
  })
})

it('installs what is missing once, goes on after a failure and names it', async () => {
  const installed: string[] = []
  const said: string[] = []
  const path = program('tool')
  const good: Part = {
    name: 'python',
    find: (at) => readStamp(at, 'python'),
    install: (at) => {
      installed.push(at)
      return Promise.resolve({ path, version: '1' })
    },
  }
  const bad: Part = {
    name: 'torch',
    find: () => undefined,
    install: () => Promise.reject(new Error('no such wheel')),
  }
  for (let round = 0; round < 2; round++) {
    expect(await setUp(folder, [bad, good], (line) => said.push(line))).toEqual({ missing: ['torch'] })
  }
  expect(installed).toEqual([folder])
  expect(said).toContain('torch: could not be had: no such wheel')
  expect(need('python', folder)).toMatchObject({ ok: true, path })
})

it('says the command and its last lines when an install fails', async () => {
  const path = program('broken', 'echo first; echo "no space left" >&2; exit 7')
  await expect(runLoudly(() => {}, path, ['install', 'all'], 'part')).rejects.toThrow(
    /broken install all ended with 7:[\s\S]*no space left/,
  )
  await expect(runLoudly(() => {}, join(folder, 'nothing'), [], 'part')).rejects.toThrow(/nothing did not start/)
})

it('finds programs on a path and not folders or plain files', () => {
  mkdirSync(join(folder, 'dir', 'tool'), { recursive: true })
  writeFileSync(join(folder, 'plain'), '')
  const path = program('tool')
  expect(onPath('tool', `${join(folder, 'dir')}:${folder}`)).toBe(path)
  expect(onPath('plain', folder)).toBeUndefined()
})

it('takes the browser that was named, and refuses one that does not start', () => {
  const good = program('browser', 'echo Chromium 1.2')
  expect(findChromium({ BENCHTOP_CHROMIUM: good })).toEqual({ path: good, version: 'Chromium 1.2' })
  const bad = program('broken', 'exit 1')
  expect(() => findChromium({ BENCHTOP_CHROMIUM: bad })).toThrow(/which does not start/)
})

it('lets one set-up at a time at the cache, and takes over from one that died', async () => {
  writeFileSync(join(folder, 'lock'), String(2 ** 22 + 1))
  let inside = 0
  let most = 0
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside--
  }
  await Promise.all([withLock(folder, () => {}, work), withLock(folder, () => {}, work)])
  expect({ inside, most }).toEqual({ inside: 0, most: 1 })
})
