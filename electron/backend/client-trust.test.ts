import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { beforeEach, expect, it } from 'vitest'
import { createClientTrust } from './client-trust.ts'

const TOKENS = ['own', 'tracking']
let port: number
let asked: (request: IncomingMessage) => Promise<void>

beforeEach(async () => {
  const server = createServer((incoming, response) => {
    void asked(incoming).finally(() => response.end('OK'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  return () => new Promise<void>((resolve) => server.close(() => resolve()))
})

/** What the server makes of a request that really came over a socket. */
async function trusted(
  trust: ReturnType<typeof createClientTrust>,
  headers: Readonly<Record<string, string>> = {},
  change: (incoming: IncomingMessage) => void = () => {},
): Promise<boolean> {
  let answer = false
  asked = async (incoming) => {
    change(incoming)
    answer = await trust(incoming)
  }
  const call = request({ host: '127.0.0.1', port, headers, agent: false })
  call.end()
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return answer
}

const from = (address: string) => (incoming: IncomingMessage) =>
  Object.defineProperty(incoming.socket, 'remoteAddress', { value: address })

it('this user’s programs need no token on loopback', async () => {
  expect(await trusted(createClientTrust(TOKENS))).toBe(true)
})

it('whoever comes from elsewhere needs one of the tokens', async () => {
  const trust = createClientTrust(TOKENS)
  const elsewhere = from('192.168.1.7')
  expect([
    await trusted(trust, {}, elsewhere),
    await trusted(trust, { authorization: 'Bearer wrong' }, elsewhere),
    await trusted(trust, { authorization: 'Bearer own' }, elsewhere),
    await trusted(trust, { authorization: 'Bearer tracking' }, elsewhere),
    await trusted(trust, { authorization: `Basic ${Buffer.from('ada:tracking').toString('base64')}` }, elsewhere),
  ]).toEqual([false, false, true, true, true])
})

it.runIf(process.platform === 'linux')(
  'a caller that is gone before it could be asked whose it is gets nothing done',
  async () => {
    const trust = createClientTrust(TOKENS)
    const answer = new Promise<boolean>((resolve) => {
      asked = async (incoming) => resolve(await trust(incoming))
    })
    // Written and reset in one turn: what was written is read when the system has forgotten whose it was.
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
      socket.resetAndDestroy()
    })
    expect(await answer).toBe(false)
  },
)
