import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DownloadWord, fetchElectron } from './fetch-electron.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'benchtop-fetch-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs a downloading process made of these lines. */
async function fetched(lines: string, patience = 60_000) {
  const script = join(folder, 'download.mjs')
  writeFileSync(script, lines)
  const words: DownloadWord[] = []
  const reason = await fetchElectron({ root: folder, patience, onWord: (word) => words.push(word), script })
  return { reason, words }
}

test('progress is passed on, and done is done', async () => {
  const words = [
    { kind: 'progress', transferred: 10, total: 100 },
    { kind: 'progress', transferred: 100, total: 100 },
    { kind: 'unpacking' },
    { kind: 'done' },
  ]
  const lines = `for (const word of ${JSON.stringify(words)}) process.send(word); setInterval(() => {}, 1000)`
  expect(await fetched(lines)).toEqual({ reason: null, words })
})

test('a failure gives its reason', async () => {
  const { reason } = await fetched(`process.send({ kind: 'failed', reason: 'getaddrinfo ENOTFOUND github.com' })`)
  expect(reason).toBe('getaddrinfo ENOTFOUND github.com')
})

test('a process that dies is a failure', async () => {
  expect((await fetched('process.exit(3)')).reason).toBe('the download ended with code 3')
})

test('where nothing answers, the process is ended and the patience named', async () => {
  const mark = join(folder, 'pid')
  const lines = `import { writeFileSync } from 'node:fs'
    writeFileSync(${JSON.stringify(mark)}, String(process.pid)); setInterval(() => {}, 1000)`
  expect((await fetched(lines, 1_500)).reason).toBe('no answer within 1.5 s')
  const pid = Number(readFileSync(mark, 'utf8'))
  await expect.poll(() => isAlive(pid)).toBe(false)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
