import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gitText, runGit } from './run-git.ts'
import { eventuallyTrue } from '#test/setup/eventually.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'git-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('output and exit code come back', async () => {
  expect(await gitText({ folder, arguments: ['init', '-q', '--initial-branch', 'trunk'] })).toBe('')
  expect(await gitText({ folder, arguments: ['symbolic-ref', 'HEAD'] })).toBe('refs/heads/trunk')
  const failed = await runGit({ folder, arguments: ['rev-parse', '--verify', 'HEAD'] })
  expect({ code: failed.code, stopped: failed.stopped }).toEqual({ code: 128, stopped: null })
  expect(failed.errors).toContain('fatal')
})

test('input reaches git, also one that it does not read to the end', async () => {
  await runGit({ folder, arguments: ['init', '-q'] })
  const hash = await gitText({ folder, arguments: ['hash-object', '--stdin'], input: 'hello\n' })
  expect(hash).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
  const unread = await runGit({ folder, arguments: ['version'], input: new Uint8Array(4 << 20) })
  expect(unread.code).toBe(0)
})

test('output beyond the limit is cut off and git is stopped', async () => {
  await runGit({ folder, arguments: ['init', '-q'] })
  const id = await gitText({ folder, arguments: ['hash-object', '-w', '--stdin'], input: 'x'.repeat(1 << 20) })
  const answer = await runGit({ folder, arguments: ['cat-file', 'blob', id ?? ''], limit: 1_000 })
  expect({ size: answer.output.length, code: answer.code, stopped: answer.stopped }).toEqual({
    size: 1_000,
    code: null,
    stopped: 'too_large',
  })
})

test('a call can be cancelled before and while it runs', async () => {
  await runGit({ folder, arguments: ['init', '-q'] })
  const before = await runGit({ folder, arguments: ['version'], signal: AbortSignal.abort() })
  expect(before.stopped).toBe('cancelled')
  const controller = new AbortController()
  const running = runGit({
    folder,
    arguments: ['-c', 'alias.wait=!touch started; sleep 5', 'wait'],
    signal: controller.signal,
    timeout: 60_000,
  })
  await eventuallyTrue(() => existsSync(join(folder, 'started')))
  controller.abort()
  expect((await running).stopped).toBe('cancelled')
})

test('a folder that is gone is an answer, not a throw', async () => {
  const answer = await runGit({ folder: join(folder, 'nowhere'), arguments: ['version'] })
  expect(answer.stopped).toBe('absent')
})
