import { MessageChannel } from 'node:worker_threads'
import { describe } from 'vitest'
import { connect } from '#shared/rpc/client.ts'
import { backendOverPort, callerOverPort, portOf } from '#shared/rpc/port-link.ts'
import { createDispatcher } from '#electron/transport/dispatcher.ts'
import { serveLink } from '#electron/transport/serve-link.ts'
import { conformanceSuite } from '../contract/conformance.ts'
import { sampleContract, sampleHandlers, type Seen } from '../contract/sample-contract.ts'
import type { Transport } from '../contract/transports.ts'

/** The desktop's way of the contract: a port whose values are cloned, as between a page and the main process. */
const messagePort: Transport = {
  name: 'MessagePort',
  without: {},
  open: async () => {
    const seen: Seen = { produced: 0, aborted: 0, running: 0 }
    const logged: unknown[] = []
    const dispatcher = createDispatcher(sampleContract, sampleHandlers(seen), {
      checkOutputs: true,
      newLogId: () => 'log-1',
      onError: (error) => logged.push(error),
    })
    const { port1, port2 } = new MessageChannel()
    const connection = connect(sampleContract, callerOverPort(portOf(port1)))
    serveLink(backendOverPort(portOf(port2)), dispatcher, { build: 'b1', actor: 'test' })
    await connection.hello
    return {
      client: connection.client,
      seen,
      logged,
      cut: () => port2.close(),
      close: () => Promise.resolve(connection.close()),
    }
  },
}

describe('the contract over MessagePort', () => conformanceSuite(messagePort))
