import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestBackend, type TestBackend } from '#electron/backend/backend.fixture.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { runScript } from './support/tour.ts'

/** An address of this machine that is no loopback: what comes from it is treated as what comes from another machine. */
const address = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

describeWith(['python'], 'the real client from another machine', ({ python }) => {
  let server: TestBackend
  beforeAll(async () => void (server = await startTestBackend({ host: '0.0.0.0' })))
  afterAll(() => server?.close())

  it.runIf(address !== undefined)('needs the token, and with it is served in everything', async () => {
    const token = readFileSync(join(server.root, 'data', 'tracking-token'), 'utf8').trim()
    const url = `http://${address}:${server.backend.port}`
    const { ANSWERS } = await runScript(python, 'with_token', [url, token])
    expect(ANSWERS).toEqual({
      'without a token': ['UNAUTHENTICATED', true],
      'with a wrong one': ['UNAUTHENTICATED', true],
      'a file with a wrong one': [401, true],
      'with the right one': 'served',
      'as a password': 'served',
      found: [true],
      listed: [
        ['notes/hello.txt', 5],
        ['notes/large.bin', 5_120_000],
      ],
      text: 'hello',
      download: true,
      version: ['hello.txt', 'large.bin'],
    })
  })
})
