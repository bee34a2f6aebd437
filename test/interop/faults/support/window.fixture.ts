import { WebSocket } from 'ws'
import { contract } from '#shared/contract/index.ts'
import { connect } from '#shared/rpc/client.ts'
import { decodeFrame, encodeFrame } from '#shared/rpc/codec.ts'
import { FromBackend } from '#shared/rpc/envelope.ts'
import { SUBPROTOCOL } from '#electron/transport/web-socket.ts'

/** A window's connection, to be killed: watches a run's metrics and all changes. Prints a line at each event. */
const [address = '', token = '', project = '', run = ''] = process.argv.slice(2)
const socket = new WebSocket(`${address.replace('http', 'ws')}/ws`, [SUBPROTOCOL, `token.${token}`])
const connection = connect(contract, {
  send: (message) => socket.send(encodeFrame(message)),
  onMessage: (listener) => void socket.on('message', (data: Buffer) => listener(FromBackend.parse(decodeFrame(data)))),
  onClose: (listener) => void socket.on('close', listener),
  close: () => socket.close(),
})
await connection.hello
await Promise.all([
  tell(connection.client.metrics.watch({ project, runs: [run] })),
  tell(connection.client.system.changes({})),
])

async function tell(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events) process.stdout.write('event\n')
}
