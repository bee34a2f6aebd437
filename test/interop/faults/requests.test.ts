import { connect } from 'node:net'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '#shared/rpc/errors.ts'
import { type BuiltApp, openBuiltApp } from '../support/built-app.ts'

type Answer = { readonly status: number; readonly text: string }
type Ask = { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }

const SECRET = 'not for anyone: 8c1f'

/** Ways out of a folder, as they travel. */
const OUT = [
  '../../etc/passwd',
  '../../../../../../../../../../etc/passwd',
  '..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd',
  '%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  'a/../../../../secret.txt',
  'a/%2e%2e/%2e%2e/%2e%2e/%2e%2e/secret.txt',
  '..%252f..%252f..%252fsecret.txt',
  '..\\..\\..\\secret.txt',
  '%2fetc%2fpasswd',
  'a%00b/../../secret.txt',
  'link/passwd',
  '.',
  '..',
]

describe('requests from where they should not come', () => {
  let app: BuiltApp
  let port: number
  let project: string
  let run: string
  beforeAll(async () => {
    app = await openBuiltApp()
    await app.benchtop(['run', '-q', 'true'])
    port = app.backend().port
    project = (await app.client().projects.recent({}))[0]?.id ?? ''
    run = (await app.client().runs.find({ project, text: '' }))[0]?.id ?? ''
    const { artifactFolder } = await app.client().runs.get({ project, run })
    mkdirSync(artifactFolder, { recursive: true })
    writeFileSync(join(artifactFolder, 'mine.txt'), 'mine')
    symlinkSync('/etc', join(artifactFolder, 'link'))
    for (const place of [app.project, app.home, join(app.project, '.benchtop'), dirname(dirname(artifactFolder))])
      writeFileSync(join(place, 'secret.txt'), SECRET)
  })
  afterAll(() => app.close())

  /** A request as it is written: no library tidies the path before it is sent. */
  function ask(path: string, { method = 'GET', headers = {}, body = '' }: Ask = {}): Promise<Answer> {
    const all = {
      host: `127.0.0.1:${port}`,
      connection: 'close',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    }
    const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    return new Promise((resolve, reject) => {
      let text = ''
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n${body}`),
      )
      socket.setEncoding('latin1')
      socket.on('data', (piece: string) => {
        text += piece
        if (text.startsWith('HTTP/1.1 101')) socket.destroy()
      })
      socket.on('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text }))
      socket.on('error', reject)
    })
  }

  const rpc = (headers: Ask['headers'] = {}): Promise<Answer> =>
    ask('/rpc/system.info', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' })
  const bearer = (): Ask['headers'] => ({ authorization: `Bearer ${app.backend().token}` })
  const webSocket = (protocols: string, headers: Ask['headers'] = {}): Promise<Answer> =>
    ask('/ws', {
      headers: {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-protocol': protocols,
        ...headers,
      },
    })
  const tracking = (path = ''): string => `/p/${project}${path}`

  it('the contract is for those with the token alone', async () => {
    const { token } = app.backend()
    expect((await rpc()).status).toBe(401)
    expect((await rpc({ authorization: 'Bearer ' })).status).toBe(401)
    expect((await rpc({ authorization: `Bearer ${token.replace(/.$/, 'x')}` })).status).toBe(401)
    expect((await rpc({ authorization: `Bearer ${token}0` })).status).toBe(401)
    expect((await ask(`/rpc/system.info?token=${token}`, { method: 'POST', body: '{}' })).status).toBe(401)
    expect((await rpc(bearer())).status).toBe(200)
    expect((await ask('/rpc/system.info', { headers: bearer() ?? {} })).status).toBe(405)
    expect((await webSocket('benchtop.1')).status).toBe(401)
    expect((await webSocket(`benchtop.1, token.${'0'.repeat(64)}`)).status).toBe(401)
    expect((await webSocket(`token.${token}`)).status).toBe(404)
    expect((await webSocket(`benchtop.1, token.${token}`)).status).toBe(101)
  })

  it('a foreign Host or Origin is refused everywhere, with the token too', async () => {
    const paths = [
      '/',
      '/health',
      '/index.html',
      tracking('/api/2.0/mlflow/experiments/search'),
      '/api/2.0/mlflow/runs/get',
    ]
    const { token } = app.backend()
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      '',
    ]) {
      for (const path of paths)
        expect([path, host, (await ask(path, { headers: { host } })).status]).toEqual([
          path,
          host,
          host === '' ? 403 : 403,
        ])
      expect((await rpc({ ...bearer(), host })).status).toBe(403)
      expect((await webSocket(`benchtop.1, token.${token}`, { host })).status).toBe(403)
    }
    for (const origin of [
      'https://evil.example',
      'http://127.0.0.1.evil.example',
      'null',
      'file://',
      'http://evil.example:5080',
    ]) {
      for (const path of paths)
        expect([path, origin, (await ask(path, { headers: { origin } })).status]).toEqual([path, origin, 403])
      expect((await rpc({ ...bearer(), origin })).status).toBe(403)
      expect((await webSocket(`benchtop.1, token.${token}`, { origin })).status).toBe(403)
    }
    for (const host of [`localhost:${port}`, `[::1]:${port}`, '127.0.0.1:9999'])
      expect([host, (await rpc({ ...bearer(), host })).status]).toEqual([host, 200])
  })

  it.each(OUT)('no artifact call leads out by %s', async (path) => {
    const query = path.includes('%') ? path : encodeURIComponent(path)
    const api = tracking('/api/2.0/mlflow')
    const proxy = tracking('/api/2.0/mlflow-artifacts/artifacts')
    const asked: readonly (readonly [path: string, ask: Ask])[] = [
      [`${proxy}/0/${run}/artifacts/${path}`, {}],
      [`${proxy}/${path}`, {}],
      [`${proxy}?path=${query}`, {}],
      [`${proxy}?path=0/${run}/artifacts/${query}`, {}],
      [`${api}/artifacts/list?run_id=${run}&path=${query}`, {}],
      [tracking(`/get-artifact?run_uuid=${run}&path=${query}`), {}],
      [tracking(`/get-artifact?run_uuid=${query}&path=secret.txt`), {}],
      [`${api}/logged-models/${query}/artifacts/files?artifact_file_path=secret.txt`, {}],
      [`${proxy}/0/${run}/artifacts/${path}`, { method: 'DELETE' }],
      [`${proxy}/0/${run}/artifacts/${path}`, { method: 'PUT', body: 'overwritten' }],
      [`${proxy}/${path}`, { method: 'PUT', body: 'overwritten' }],
      [`${api}/upload-artifact?run_uuid=${run}&path=${query}`, { method: 'POST', body: 'overwritten' }],
      [`/${path}`, {}],
      [`/assets/${path}`, {}],
      [tracking(`/${path}`), {}],
      [`/l/${path}`, {}],
    ]
    for (const [at, how] of asked) {
      const answer = await ask(at, how)
      expect([at, how.method, leaked(answer.text)]).toEqual([at, how.method, false])
      expect(answer.status).toBeLessThan(500)
    }
    const { artifacts } = app.client()
    const plain = decodeURIComponent(path.replace('%00', ''))
    for (const place of ['artifact', 'written', 'model'] as const) {
      const asked = { project, run, place, path: plain, ...(place === 'model' ? { model: plain } : {}) }
      const listed = await outcome(artifacts.list(asked))
      expect(leaked(JSON.stringify(listed))).toBe(false)
      for (const call of ['read', 'locate', 'remove'] as const) {
        // The folder of a run's files may be opened in a file manager, as a whole.
        if (call === 'locate' && plain === '.') continue
        const refused = expect.stringMatching(/^(forbidden|not_found|invalid)$/)
        expect([place, call, await outcome(artifacts[call](asked))]).toEqual([place, call, refused])
      }
    }
    untouched()
  })

  it('a damaged request is answered, and the backend goes on', async () => {
    const raw = (text: string): Promise<string> =>
      new Promise((resolve) => {
        let answer = ''
        const socket = connect(port, '127.0.0.1', () => socket.end(text))
        socket.on('data', (piece: Buffer) => (answer += piece.toString()))
        socket.on('error', () => resolve(answer))
        socket.on('close', () => resolve(answer))
      })
    await raw('GARBAGE\r\n\r\n')
    await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${'X: y\r\n'.repeat(20_000)}\r\n`)
    await raw('POST /rpc/system.info HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{}')
    const json = { 'content-type': 'application/json' }
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '"x"',
      '{"run_id":1}',
      '\u0000',
      `{"run_id":"${'x'.repeat(100_000)}"}`,
    ]) {
      for (const route of ['runs/create', 'runs/log-batch', 'runs/search', 'runs/log-metric', 'runs/log-parameter']) {
        const { status } = await ask(tracking(`/api/2.0/mlflow/${route}`), { method: 'POST', headers: json, body })
        expect([route, body.slice(0, 20), status < 500]).toEqual([route, body.slice(0, 20), true])
      }
      expect(
        (await ask('/rpc/runs.table', { method: 'POST', headers: { ...json, ...bearer() }, body })).status,
      ).toBeLessThan(500)
    }
    expect((await rpc(bearer())).status).toBe(200)
    expect(app.log()).not.toMatch(/"level":"error"/)
  })

  function leaked(text: string): boolean {
    return text.includes(SECRET) || text.includes('root:') || /"path": ?"[^"]*(?:secret\.txt|passwd)"/.test(text)
  }

  function untouched(): void {
    for (const place of [app.project, app.home, join(app.project, '.benchtop')])
      expect(readFileSync(join(place, 'secret.txt'), 'utf8')).toBe(SECRET)
    expect(readFileSync('/etc/passwd', 'utf8')).not.toContain('overwritten')
    expect(existsSync(join(app.project, '.benchtop', 'project.db'))).toBe(true)
  }
})

/** The code of a refusal, or what was answered. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call
  } catch (error) {
    return error instanceof AppError ? error.code : error
  }
}
