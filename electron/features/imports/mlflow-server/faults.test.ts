import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ImportNote } from '#shared/contract/imports.ts'
import { AppError } from '#shared/rpc/errors.ts'
import {
  all,
  type Asked,
  contentsOf,
  EXPERIMENTS,
  info,
  none,
  open,
  patience,
  type Reply,
  serve,
} from '#test/fixtures/mlflow-answers.ts'
import { mayLeadTo } from './address.ts'
import { connectionFailure } from './failures.ts'
import { openServer } from './index.ts'

describe('a connection', () => {
  it('that is cut is taken up again, and in the end fails in words; what is known then is not asked for again', async () => {
    let cuts = 2
    const { url } = await serve({
      ...EXPERIMENTS,
      'runs/search': () => (cuts-- > 0 ? { cut: true } : { json: { runs: [{ info: info('r1') }] } }),
      'metrics/get-history': () => ({ cut: true }),
    })
    const source = await open(url)
    expect(await all(source.runs('7', none))).toHaveLength(1)
    cuts = 3
    await expect(all(source.runs('7', none))).rejects.toMatchObject({
      code: 'unavailable',
      retry: true,
      message: expect.stringMatching(/^The connection to 127\.0\.0\.1:\d+ was lost/),
    })
    expect(await all(source.runs('7', none))).toHaveLength(1)
  })

  it('waits as long as a busy server asks', async () => {
    let busy = true
    const { url } = await serve({
      ...EXPERIMENTS,
      'runs/search': () => {
        const now = busy
        busy = false
        return now ? { status: 429, headers: { 'retry-after': '0' }, json: {} } : { json: {} }
      },
    })
    expect(await all((await open(url)).runs('7', none))).toEqual([])
  })

  it('follows to another path of the server, with what is asked and its secret', async () => {
    const seen: string[] = []
    const { url } = await serve({
      '/mlflow/api/2.0/mlflow/experiments/search': ({ method, headers }) => {
        seen.push(`${method} ${headers.authorization}`)
        return { json: { experiments: [] } }
      },
      '*': ({ path }) => ({ status: 301, headers: { location: `/mlflow/api/2.0/mlflow/${path}` } }),
    })
    const source = await open(url.replace('//', '//ann:s%20cret@'))
    expect(source.location).toBe(`${url}/mlflow`)
    expect(await source.experiments(none)).toEqual([])
    expect(new Set(seen)).toEqual(
      new Set(['GET', 'POST'].map((method) => `${method} Basic ${Buffer.from('ann:s cret').toString('base64')}`)),
    )
  })

  it.each([
    ['another port, without a token', (target: string) => target, undefined],
    ['another name, without a token', (target: string) => target.replace('127.0.0.1', 'localhost'), undefined],
    ['another port, with one', (target: string) => target, 'secret'],
  ])('is sent to %s, and goes nowhere', async (_, placeOf, token) => {
    const target = await serve({ '*': () => ({ json: { experiments: [] } }) })
    const place = placeOf(target.url)
    const { url } = await serve({
      '*': ({ path }) => ({ status: 301, headers: { location: `${place}/api/2.0/mlflow/${path}` } }),
    })
    const error = await open(url, [], token).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'unavailable',
      message: `${new URL(url).host} sends us to ${place}, which was not asked for.`,
      hint: 'Give that address if it is the server’s own.',
    })
    expect(target.log).toEqual([])
    expect(JSON.stringify([error, (error as Error).message])).not.toContain('secret')
  })

  it.each([
    ['http://host', 'http://host/mlflow', true],
    ['http://host', 'https://host', true],
    ['http://host:5000', 'http://host:5000/x', true],
    ['https://host', 'http://host', false],
    ['http://host:5000', 'https://host', false],
    ['http://host', 'https://host:8443', false],
    ['http://host', 'http://host.example', false],
    ['http://host', 'http://169.254.169.254', false],
  ])('from %s to %s is led: %s', (from, to, led) => expect(mayLeadTo(new URL(from), new URL(to))).toBe(led))

  it('stops with its signal, and when it is closed', async () => {
    const { url } = await serve({ ...EXPERIMENTS, 'runs/search': () => ({ status: 503, json: {} }) })
    const slow = await openServer(url, { notice: () => {}, patience: { ...patience, waits: [60_000] } })
    const stop = new AbortController()
    const stopped = all(slow.runs('7', stop.signal))
    stop.abort()
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
    const closed = all(slow.runs('7', none))
    await slow.close()
    await expect(closed).rejects.toMatchObject({ code: 'cancelled' })
  })

  it.each([
    ['a page', { text: '<!doctype html><title>Log in</title>' }, 'invalid', 'a web page'],
    ['no JSON', { text: 'hello' }, 'invalid', 'something that is no JSON'],
    ['a list', { json: [] as unknown }, 'none', ''],
    ['401', { status: 401, json: {} }, 'unauthorized', 'wants a token'],
    ['403', { status: 403, json: {} }, 'forbidden', 'does not let others read'],
    ['404', { status: 404, text: '<html>' }, 'not_found', 'There is no MLflow server at'],
    [
      'a loop',
      { status: 302, headers: { location: '/api/2.0/mlflow/experiments/search' } },
      'unavailable',
      'in a circle',
    ],
    ['too much', { text: `"${'x'.repeat(2 << 20)}"` }, 'too_large', 'more than can be taken at once (1 MiB)'],
    ['500', { status: 500, json: { message: 'no disk' } }, 'unavailable', 'no disk'],
  ])('to a server that answers with %s', async (_, reply, code, words) => {
    const { url } = await serve({ '*': () => reply })
    const opened = open(url)
    if (code === 'none')
      return expect((await opened).experiments(none)).rejects.toThrow('does not answer for experiments')
    await expect(opened).rejects.toMatchObject({ code, message: expect.stringContaining(words) })
  })

  it('to nobody', async () => {
    const { url, close } = await serve({})
    await close()
    await expect(open(url)).rejects.toMatchObject({
      code: 'unavailable',
      message: `Nothing answers at ${new URL(url).host}.`,
    })
    await expect(open('http://nobody.invalid')).rejects.toThrow(/nobody\.invalid/)
  })
})

describe('TLS', () => {
  it('that a server does not speak is said', async () => {
    const { url } = await serve(EXPERIMENTS)
    await expect(open(url.replace('http:', 'https:'))).rejects.toMatchObject({
      code: 'unavailable',
      message: `${new URL(url).host} does not speak TLS as expected.`,
      hint: 'Perhaps its address begins with http://.',
    })
  })

  it.each([
    ['CERT_HAS_EXPIRED', 'The certificate of host is not valid at this time.'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate of host is another server’s.'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'The certificate of host is not one that this machine trusts.'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'The certificate of host is not one that this machine trusts.'],
  ])('%s ends the import at once, in words', (code, message) => {
    const cause = Object.assign(new Error('tls'), { code })
    const failure = connectionFailure(new TypeError('fetch failed', { cause }), 'host')
    expect([failure?.error.message, failure?.passing]).toEqual([message, false])
  })
})

describe('a hostile server', () => {
  it('that repeats a page, or has no end of them, is believed no more', async () => {
    let page = 0
    const notes: ImportNote[] = []
    const { url } = await serve({
      ...EXPERIMENTS,
      'runs/search': () => ({ json: { runs: [{ info: info('r1') }], next_page_token: `${page++}` } }),
      'metrics/get-history': () => ({ json: { metrics: [{ key: 'm', value: 1 }], next_page_token: 'same' } }),
      'logged-models/search': () => ({ json: { models: [], next_page_token: 'x'.repeat(page++) } }),
    })
    const source = await open(url, notes)
    expect(await all(source.runs('7', none))).toHaveLength(1)
    expect(await all(source.loggedModels('7', none))).toEqual([])
    expect(notes.map(({ kind, why }) => [kind, why.includes('same page of them again')])).toEqual([
      ['noticed', true],
      ['noticed', true],
    ])
  })

  it('gets its large pages in smaller ones', async () => {
    const { url } = await serve({
      ...EXPERIMENTS,
      'runs/search': ({ body }) => {
        const from = Number(body['page_token'] ?? 0)
        const size = Number(body['max_results'])
        const ids = Array.from({ length: Math.min(size, 60 - from) }, (_, at) => from + at)
        const runs = ids.map((at) => ({
          info: info(`r${at}`),
          data: { params: [{ key: 'p', value: 'x'.repeat(19_000) }] },
        }))
        return { json: { runs, ...(from + size < 60 ? { next_page_token: String(from + size) } : {}) } }
      },
    })
    expect((await all((await open(url)).runs('7', none))).map(({ id }) => id)).toEqual(
      Array.from({ length: 60 }, (_, at) => `r${at}`),
    )
  })

  it('names no file outside', async () => {
    const notes: ImportNote[] = []
    const list = ({ query }: Asked): Reply => {
      const here = query.get('path') ?? ''
      if (here === '7/r1/artifacts/a b') return { json: { files: [{ path: 'c.png', file_size: '3' }] } }
      const names = ['ok', '..', '.', '../../etc/passwd', 'C:\\x', '/etc', 'nul\0']
      return { json: { files: [{ path: 'a b', is_dir: true }, ...names.map((path) => ({ path })), { path: 5 }] } }
    }
    const { url } = await serve({
      ...EXPERIMENTS,
      'runs/search': () => ({
        json: { runs: [{ info: info('r1', { artifact_uri: 'mlflow-artifacts:/7/r1/artifacts' }) }] },
      }),
      '/api/2.0/mlflow-artifacts/artifacts': list,
      '/api/2.0/mlflow-artifacts/artifacts/7/r1/artifacts/a%20b/c.png': () => ({ text: 'png' }),
    })
    const { artifacts } = await contentsOf(await open(url, notes))
    if (artifacts.at !== 'server') throw new Error(artifacts.at)
    expect(await all(artifacts.files.list(none))).toEqual([
      { path: 'ok', size: null },
      { path: 'a b/c.png', size: 3 },
    ])
    expect(await new Response((await artifacts.files.read('a b/c.png', none)).body).text()).toBe('png')
    await expect(artifacts.files.read('gone', none)).rejects.toMatchObject({ code: 'not_found' })
    expect(notes).toHaveLength(7)
  })

  it('ends in runs, notes or an AppError, whatever it says', async () => {
    let said: unknown
    const { url } = await serve({
      ...EXPERIMENTS,
      '*': () => ({ text: typeof said === 'string' ? said : JSON.stringify(said) }),
    })
    const source = await open(url)
    const shaped = fc.record(
      {
        runs: fc.anything(),
        models: fc.anything(),
        metrics: fc.anything(),
        registered_models: fc.anything(),
        next_page_token: fc.anything(),
      },
      { requiredKeys: [] },
    )
    const nearly = fc.record({
      runs: fc.array(
        fc.record(
          {
            info: fc.record({
              run_id: fc.oneof(fc.string(), fc.constant('r1')),
              experiment_id: fc.constant('7'),
              start_time: fc.anything(),
            }),
            data: fc.anything(),
          },
          { requiredKeys: ['info'] },
        ),
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(shaped, nearly, fc.string(), fc.json()), async (answered) => {
        said = answered
        const tries = [
          () => all(source.runs('7', none)),
          () => all(source.loggedModels('7', none)),
          () => all(source.registeredModels(none)),
        ]
        for (const attempt of tries) {
          const error = await attempt().then(
            () => undefined,
            (reason: unknown) => reason,
          )
          if (error !== undefined) expect(error).toBeInstanceOf(AppError)
        }
      }),
      { numRuns: 150 },
    )
  })
})
