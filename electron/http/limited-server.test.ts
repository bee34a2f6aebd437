import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createLimitedServer, HTTP_LIMITS, type HttpLimits } from './limited-server.ts'
import { eventually } from '#test/setup/eventually.ts'

const ASK = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

type Started = { readonly open: () => Socket; readonly told: string[]; readonly underWay: () => number }

async function start(limits: Partial<HttpLimits>): Promise<Started> {
  const told: string[] = []
  const log = { info: () => {}, error: () => {}, warn: (event: string) => void told.push(event) }
  const { server, open } = createLimitedServer({ ...HTTP_LIMITS, ...limits }, log, () => performance.now())
  server.on('request', (request, response) => {
    request.resume()
    request.once('error', () => {})
    if (request.method === 'GET') response.end('served')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  })
  return {
    open() {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      socket.on('error', () => {})
      sockets.push(socket)
      return socket
    },
    told,
    underWay: open,
  }
}

/** What the server answers on a connection before it closes it, or the first piece. */
async function answer(socket: Socket, text: string): Promise<string> {
  socket.write(text)
  return new Promise((resolve) => {
    socket.once('data', (piece: Buffer) => resolve(piece.toString().split('\r\n')[0] ?? ''))
    socket.once('close', () => resolve('closed'))
  })
}

it('serves as many connections as it may, closes the next, and serves again once there is room', async () => {
  const { open, told } = await start({ connections: 3 })
  const first = [open(), open(), open()]
  for (const socket of first) expect(await answer(socket, ASK)).toBe('HTTP/1.1 200 OK')
  for (let more = 0; more < 5; more++) expect(await answer(open(), ASK)).toBe('closed')
  expect(await answer(first[1] as Socket, ASK)).toBe('HTTP/1.1 200 OK')
  expect(told).toEqual(['too many connections'])
  first[0]?.destroy()
  await eventually(async () => expect(await answer(open(), ASK)).toBe('HTTP/1.1 200 OK'))
})

it('answers 408 to half a head, and closes a connection that says nothing', async () => {
  const { open } = await start({ headers: 20 })
  const half = open()
  expect(await answer(half, 'GET / HTTP/1.1\r\nHost: x\r\nX-Half')).toBe('HTTP/1.1 408 Request Timeout')
  const silent = open()
  silent.resume()
  await once(silent, 'close')
})

it('looks for bodies that stand still by itself, and says that it ended one', async () => {
  const { open, told, underWay } = await start({ silence: 20 })
  const socket = open()
  socket.write('PUT /file HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf')
  socket.resume()
  await once(socket, 'close')
  expect([told, underWay()]).toEqual([['a peer stood still in the middle of a request'], 0])
})
