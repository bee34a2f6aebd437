import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { HOST_ASK, HOST_BRIDGE, HOST_CHANNEL, HOST_PORT, type HostBridge } from '#shared/contract/host-handshake.ts'

/** What this script uses of the page's window; the room has no DOM types, because only this file sees one. */
declare const window: {
  addEventListener(
    type: 'message',
    listener: (event: { readonly source: unknown; readonly data: unknown }) => void,
  ): void
  postMessage(message: string, targetOrigin: string, transfer: readonly object[]): void
}

const bridge: HostBridge = {
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
}
contextBridge.exposeInMainWorld(HOST_BRIDGE, bridge)

// The bridge cannot carry ports; the window's own messages can. Whether this page may have one is for the main process to say.
window.addEventListener('message', ({ source, data }) => {
  if (source !== window || data !== HOST_ASK) return
  const { port1, port2 } = new MessageChannel()
  ipcRenderer.postMessage(HOST_CHANNEL, null, [port1])
  window.postMessage(HOST_PORT, '/', [port2])
})
