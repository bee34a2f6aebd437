import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright'
import { z } from 'zod'
import { hostContract, type HostContract } from '#shared/contract/host.ts'
import { HOST_ASK, HOST_PORT } from '#shared/contract/host-handshake.ts'
import { connect, type Connection } from '#shared/rpc/client.ts'
import { FromBackend } from '#shared/rpc/envelope.ts'

const Messages = z.array(z.unknown())

/** Ports that the tests keep in the page, with what came over them. */
type Kept = { kept?: Record<string, { readonly port: MessagePort; readonly heard: unknown[] }> }

/** The page's own port to the shell, driven from the test: what is sent goes through the real page and its preload script. */
export async function hostOf(page: Page): Promise<Connection<HostContract>> {
  // A name of its own: who reads for a document that is gone must not take from the next one.
  const name = randomUUID()
  await page.evaluate(
    ([ask, given, key]) =>
      new Promise<void>((resolve) => {
        const kept = ((globalThis as Kept).kept ??= {})
        const listen = (event: MessageEvent): void => {
          const [port] = event.ports
          if (event.source !== window || event.data !== given || port === undefined) return
          window.removeEventListener('message', listen)
          const heard: unknown[] = []
          port.addEventListener('message', ({ data }) => heard.push(data))
          port.start()
          kept[key] = { port, heard }
          resolve()
        }
        window.addEventListener('message', listen)
        window.postMessage(ask, location.origin)
      }),
    [HOST_ASK, HOST_PORT, name] as const,
  )
  let open = true
  const connection = connect(hostContract, {
    send: (message) =>
      void page
        .evaluate(([at, sent]) => (globalThis as Kept).kept?.[at]?.port.postMessage(sent), [name, message] as const)
        .catch(() => {}),
    onMessage: (listener) => {
      const look = async (): Promise<void> => {
        while (open) {
          await page.waitForFunction((at) => (globalThis as Kept).kept?.[at]?.heard.length, name, { polling: 10 })
          const heard = await page.evaluate((at) => (globalThis as Kept).kept?.[at]?.heard.splice(0), name)
          for (const message of Messages.parse(heard)) listener(FromBackend.parse(message))
        }
      }
      // A page that is gone says nothing more.
      look().catch(() => {})
    },
    onClose: () => {},
    close: () => {
      open = false
    },
  })
  await connection.hello
  return connection
}

/** Gathers a stream's events as they come. */
export function gather<E>(events: AsyncIterable<E>): { readonly seen: readonly E[] } {
  const seen: E[] = []
  const read = async (): Promise<void> => {
    for await (const event of events) seen.push(event)
  }
  read().catch(() => {})
  return { seen }
}
