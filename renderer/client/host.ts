import { type Capabilities, hostContract, type HostContract } from '#shared/contract/host.ts'
import { HOST_ASK, HOST_BRIDGE, HOST_PORT, type HostBridge } from '#shared/contract/host-handshake.ts'
import { connect } from '#shared/rpc/client.ts'
import { callerOverPort, portOf } from '#shared/rpc/port-link.ts'
import type { FeatureClient } from '#shared/rpc/procedure.ts'
import type { BackendAddress } from './backend.ts'
import { dropToken, takeToken } from './token.ts'

/** What the place where the page runs can do; in a browser, little. */
export type HostClient = {
  readonly capabilities: Capabilities
  /** The desktop's procedures; null in a browser. */
  readonly desktop: FeatureClient<HostContract['host']> | null
  readonly address: () => Promise<BackendAddress | null>
  /** The absolute path of a dropped file; null where the system hides it. */
  readonly pathOf: (file: File) => string | null
  readonly forgetToken: () => void
}

/** Finds the host: the desktop's preload sends a port, a browser has none. */
export async function findHost(): Promise<HostClient> {
  const bridge = (globalThis as { readonly [HOST_BRIDGE]?: HostBridge })[HOST_BRIDGE]
  if (bridge === undefined) return browserHost()
  const { client } = connect(hostContract, callerOverPort(portOf(await portFromPreload())))
  return {
    capabilities: await client.host.capabilities({}),
    desktop: client.host,
    address: () => client.host.backend({}),
    pathOf: (file) => bridge.pathOf(file) || null,
    forgetToken: () => {},
  }
}

async function browserHost(): Promise<HostClient> {
  const token = await takeToken()
  return {
    capabilities: { desktop: false, pickPath: false, reveal: false, notify: false, secrets: 'file' },
    desktop: null,
    address: () => Promise.resolve(token === null ? null : { url: location.origin, token }),
    pathOf: () => null,
    forgetToken: dropToken,
  }
}

function portFromPreload(): Promise<MessagePort> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent): void => {
      const [port] = event.ports
      if (event.source !== window || event.data !== HOST_PORT || port === undefined) return
      window.removeEventListener('message', listen)
      resolve(port)
    }
    window.addEventListener('message', listen)
    // The preload may have run before this module: it answers this call.
    window.postMessage(HOST_ASK, location.origin)
  })
}
