import type { Page } from 'playwright'
import { z } from 'zod'
import { hostContract, type HostContract } from '#shared/contract/host.ts'
import { HOST_ASK, HOST_PORT } from '#shared/contract/host-handshake.ts'
import { connect, type Connection } from '#shared/rpc/client.ts'
import { FromBackend } from '#shared/rpc/envelope.ts'
import { vi } from 'vitest'

const Messages = z.array(z.unknown())

/** Ports that the tests keep in the page, with what came over them. */
type Kept = { kept?: { readonly port: MessagePort; readonly heard: unknown[] }[] }

/** The page's own port to the shell, driven from the test: what is sent goes through the real page and its preload script. */
export async function hostOf(page: Page): Promise<Connection<HostContract>> {
  const index = await page.evaluate(
    ([ask, given]) =>
      new Promise<number>((resolve) => {
        const kept = ((globalThis as Kept).kept ??= [])
        const listen = (event: MessageEvent): void => {
          const [port] = event.ports
          if (event.source !== window || event.data !== given || port === undefined) return
          window.removeEventListener('message', listen)
          const heard: unknown[] = []
          port.addEventListener('message', ({ data }) => heard.push(data))
          port.start()
          resolve(kept.push({ port, heard }) - 1)
        }
        window.addEventListener('message', listen)
        window.postMessage(ask, location.origin)
      }),
    [HOST_ASK, HOST_PORT] as const,
  )
  let open = true
  const connection = connect(hostContract, {
    send: (message) =>
      void page
        .evaluate(([at, sent]) => (globalThis as Kept).kept?.[at]?.port.postMessage(sent), [index, message] as const)
        .catch(() => {}),
    onMessage: (listener) => {
      const look = async (): Promise<void> => {
        while (open) {
          await page.waitForFunction((at) => (globalThis as Kept).kept?.[at]?.heard.length !== 0, index)
          const heard = await page.evaluate((at) => (globalThis as Kept).kept?.[at]?.heard.splice(0), index)
          for (const message of Messages.parse(heard)) listener(FromBackend.parse(message))
        }
      }
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

/** Gathers a stream's events; `count` resolves once that many are there. */
export function gather<E>(events: AsyncIterable<E>): {
  readonly seen: readonly E[]
  readonly count: (count: number) => Promise<readonly E[]>
} {
  const seen: E[] = []
  void (async () => {
    for await (const event of events) seen.push(event)
  })().catch(() => {})
  return {
    seen,
    count: async (count) => {
      await vi.waitFor(() => {
        if (seen.length < count) throw new Error(`Only ${seen.length} events so far.`)
      }, 10_000)
      return seen
    },
  }
}
