import { randomBytes } from 'node:crypto'
import { ipcMain, type MessagePortMain } from 'electron'
import { HOST_CHANNEL } from '#shared/contract/host-handshake.ts'
import { hostContract } from '#shared/contract/host.ts'
import { backendOverPort, type Port } from '#shared/rpc/port-link.ts'
import { createDispatcher } from '#electron/transport/dispatcher.ts'
import { serveLink } from '#electron/transport/serve-link.ts'
import { hostHandlers, type HostServices } from './host-handlers.ts'
import { isOurPage } from './lockdown.ts'

/** Serves the `host` contract to each page of ours that sends a port; anyone else's port is closed unheard. */
export function serveHost(services: HostServices, build: string): void {
  const { windows } = services
  ipcMain.on(HOST_CHANNEL, (event) => {
    const asking = windows.of(event.sender)
    const [port] = event.ports
    if (port === undefined) return
    if (asking === undefined || !isOurPage(event.senderFrame)) {
      port.close()
      return
    }
    const dispatcher = createDispatcher(hostContract, hostHandlers(asking, services), {
      checkOutputs: false,
      newLogId: () => randomBytes(6).toString('hex'),
      onError: (error, method, logId) => console.error(logId, method, error),
    })
    serveLink(backendOverPort(portOfMain(port)), dispatcher, { build, actor: 'page' })
  })
}

function portOfMain(port: MessagePortMain): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data))
      port.start()
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  }
}
