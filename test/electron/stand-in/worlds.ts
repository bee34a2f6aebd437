import { EventEmitter } from 'node:events'
import type { CDPSession, Page } from 'playwright'

/** What a preload script sends to the main process. */
type FromPreload =
  | { readonly t: 'ipc'; readonly channel: string; readonly message: unknown; readonly ports: readonly number[] }
  | { readonly t: 'port'; readonly id: number; readonly data: unknown }
  | { readonly t: 'close'; readonly id: number }

export type IpcMessage = {
  readonly channel: string
  readonly message: unknown
  readonly ports: readonly StandInPort[]
  readonly frameUrl: string
  readonly isMainFrame: boolean
}

/** Electron's `MessagePortMain`, whose other end lies in a page. Values travel as JSON, which the host contract is. */
export class StandInPort extends EventEmitter {
  readonly #send: (data: unknown) => void
  readonly #shut: () => void
  #waiting: unknown[] | undefined = []

  constructor(send: (data: unknown) => void, shut: () => void) {
    super()
    this.#send = send
    this.#shut = shut
  }

  postMessage(data: unknown): void {
    this.#send(data)
  }

  start(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const data of waiting) this.emit('message', { data, ports: [] })
  }

  close(): void {
    this.#shut()
  }

  receive(data: unknown): void {
    if (this.#waiting === undefined) this.emit('message', { data, ports: [] })
    else this.#waiting.push(data)
  }
}

const WORLD = 'preload'
const BINDING = 'standInMain'

/** Defines what `exposeInMainWorld` was given, as Electron does: frozen, with functions that cross the worlds. */
const MAIN_WORLD = `(() => {
  let calls = 0
  document.addEventListener('stand-in-expose', ({ detail: { name, methods } }) => {
    const call = (method) => (...args) => {
      let answer
      const back = 'stand-in-answer-' + calls++
      document.addEventListener(back, ({ detail }) => { answer = detail }, { once: true })
      document.dispatchEvent(new CustomEvent('stand-in-call', { detail: { name, method, args, back } }))
      if (answer === undefined) throw new Error('The bridge did not answer.')
      return answer.value
    }
    const bridge = Object.freeze(Object.fromEntries(methods.map((method) => [method, call(method)])))
    Object.defineProperty(globalThis, name, { value: bridge, enumerable: true, writable: false, configurable: false })
  })
})()`

/** Runs the preload script with Electron's three modules of a sandboxed preload, in a world of its own, in main frames only. */
function preloadWorld(preload: string, paths: Readonly<Record<string, string>>): string {
  return `(() => {
  if (window.top !== window) return
  const send = (message) => globalThis.${BINDING}(JSON.stringify(message))
  const ports = new Map()
  let next = 1
  globalThis.standInPost = (id, text) => ports.get(id)?.postMessage(JSON.parse(text))
  globalThis.standInClose = (id) => ports.get(id)?.close()
  const electron = {
    ipcRenderer: {
      postMessage: (channel, message, transfer = []) => {
        const ids = transfer.map((port) => {
          const id = next++
          ports.set(id, port)
          port.addEventListener('message', ({ data }) => send({ t: 'port', id, data }))
          port.addEventListener('close', () => send({ t: 'close', id }))
          return id
        })
        send({ t: 'ipc', channel, message, ports: ids })
        for (const port of transfer) port.start()
      },
    },
    contextBridge: {
      exposeInMainWorld: (name, api) => {
        document.addEventListener('stand-in-call', ({ detail }) => {
          if (detail.name !== name) return
          const value = api[detail.method](...detail.args)
          document.dispatchEvent(new CustomEvent(detail.back, { detail: { value } }))
        })
        document.dispatchEvent(new CustomEvent('stand-in-expose', { detail: { name, methods: Object.keys(api) } }))
      },
    },
    webUtils: { getPathForFile: (file) => (${JSON.stringify(paths)})[file.name] ?? '' },
  }
  const module = { exports: {} }
  const require = (name) => {
    if (name === 'electron') return electron
    throw new Error('A sandboxed preload script cannot load ' + name)
  }
  ;((exports, require, module) => {\n${preload}\n})(module.exports, require, module)
})()`
}

/** Puts a preload script into every document of a page to come, and carries its messages. */
export async function installPreload(
  page: Page,
  session: CDPSession,
  preload: string,
  options: { readonly paths: Readonly<Record<string, string>>; readonly onIpc: (message: IpcMessage) => void },
): Promise<void> {
  const contexts = new Map<number, { readonly frameId: string; readonly ports: Map<number, StandInPort> }>()
  const evaluate = (context: number, functionDeclaration: string, given: readonly unknown[]): void => {
    const callArguments = given.map((value) => ({ value }))
    // A document that is gone needs no answer.
    session
      .send('Runtime.callFunctionOn', { functionDeclaration, executionContextId: context, arguments: callArguments })
      .catch(() => {})
  }
  const end = (context: number): void => {
    const ports = contexts.get(context)?.ports ?? []
    contexts.delete(context)
    for (const [, port] of ports) port.emit('close')
  }
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const frameId = (context.auxData as { readonly frameId?: string } | undefined)?.frameId
    if (context.name === WORLD && frameId !== undefined) contexts.set(context.id, { frameId, ports: new Map() })
  })
  session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => end(executionContextId))
  session.on('Runtime.executionContextsCleared', () => [...contexts.keys()].forEach(end))
  session.on('Runtime.bindingCalled', ({ name, payload, executionContextId: id }) => {
    const context = contexts.get(id)
    if (name !== BINDING || context === undefined) return
    const message = JSON.parse(payload) as FromPreload
    if (message.t === 'port') return context.ports.get(message.id)?.receive(message.data)
    if (message.t === 'close') {
      const port = context.ports.get(message.id)
      context.ports.delete(message.id)
      return void port?.emit('close')
    }
    const ports = message.ports.map((port) => {
      const made = new StandInPort(
        (data) => evaluate(id, '(id, text) => globalThis.standInPost(id, text)', [port, JSON.stringify(data)]),
        () => evaluate(id, '(id) => globalThis.standInClose(id)', [port]),
      )
      context.ports.set(port, made)
      return made
    })
    options.onIpc({
      channel: message.channel,
      message: message.message,
      ports,
      frameUrl: page.url(),
      isMainFrame: true,
    })
  })
  await session.send('Runtime.enable')
  await session.send('Page.enable')
  await session.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD })
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: MAIN_WORLD })
  await session.send('Page.addScriptToEvaluateOnNewDocument', {
    source: preloadWorld(preload, options.paths),
    worldName: WORLD,
    runImmediately: true,
  })
}
