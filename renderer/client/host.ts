import { decodeFrame, encodeFrame } from '#shared/rpc/codec.ts'
import { type Capabilities, hostContract, type HostContract } from '#shared/contract/host.ts'
import { type CallerLink, FromBackend } from '#shared/rpc/envelope.ts'
import { connect } from '#shared/rpc/client.ts'
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

type Bridge = { readonly pathOf: (file: File) => string }

/** Finds the host: the desktop's preload sends a port, a browser has none. */
export async function findHost(): Promise<HostClient> {
  if (location.protocol !== 'app:') return browserHost()
  const port = await portFromPreload()
  const { client } = connect(hostContract, portLink(port))
  const bridge = (globalThis as { readonly benchtop?: Bridge }).benchtop
  return {
    capabilities: await client.host.capabilities({}),
    desktop: client.host,
    address: () => client.host.backend({}),
    pathOf: (file) => bridge?.pathOf(file) ?? null,
    forgetToken: () => {},
  }
}

function browserHost(): HostClient {
  const token = takeToken()
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
      if (event.source !== window || event.data !== 'benchtop.host' || port === undefined) return
      window.removeEventListener('message', listen)
      resolve(port)
    }
    window.addEventListener('message', listen)
    // The preload may have run before this module: it answers this call.
    window.postMessage('benchtop.page-ready', location.origin)
  })
}

function portLink(port: MessagePort): CallerLink {
  return {
    send: (message) => port.postMessage(encodeFrame(message)),
    onMessage: (listener) => {
      port.addEventListener('message', (event: MessageEvent<Uint8Array>) =>
        listener(FromBackend.parse(decodeFrame(event.data))),
      )
      port.start()
    },
    // A MessagePort does not tell that its other side is gone: the window goes with it.
    onClose: () => {},
    close: () => port.close(),
  }
}
