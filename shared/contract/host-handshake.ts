/**
 * How the page of the desktop app gets its port to the `host` contract. The page listens for `message`, posts `HOST_ASK` to its
 * own window, and gets `HOST_PORT` back from its own window (`event.source === window`) with the port as `event.ports[0]`. It
 * may ask again after the port has closed. In a browser nobody answers, and `window[HOST_BRIDGE]` is not there.
 */
export const HOST_ASK = 'benchtop.page-ready'
export const HOST_PORT = 'benchtop.host'

/** The name of the one global that the preload script adds to the page. */
export const HOST_BRIDGE = 'benchtop'

/** That global. `pathOf` is the path of a file that was dropped or chosen; empty for one that is on no disk. */
export type HostBridge = { readonly pathOf: (file: object) => string }

/** The channel on which the preload script hands the other end of the port to the main process. */
export const HOST_CHANNEL = 'benchtop.host-port'
