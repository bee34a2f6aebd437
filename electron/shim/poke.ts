import { spawn } from 'node:child_process'
import { request } from 'node:http'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { knownBackend } from '#electron/platform/known-backend.ts'
import type { ShimSpec } from './work-folder.ts'

/** Tells the backend that a launch has news. False when nobody took it. */
export function poke(dataFolder: string, launch: string): Promise<boolean> {
  return new Promise((resolve) => {
    const known = knownBackend(dataFolder)
    if (known === undefined) return resolve(false)
    const { url, token } = known
    const body = JSON.stringify({ launch })
    const call = request(
      `${url}/rpc/launch.poke`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
        timeout: 5_000,
        agent: false,
      },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode === 200))
        response.on('error', () => resolve(false))
      },
    )
    call.on('timeout', () => call.destroy())
    call.on('error', () => resolve(false))
    call.end(body)
  })
}

/** True when something listens on the backend's port. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const settle = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(2_000, () => settle(false))
    socket.on('connect', () => settle(true))
    socket.on('error', () => settle(false))
  })
}

/** Starts the backend, if it is dead, from a process of its own, and pokes it there. Returns at once. */
export function wake(backend: ShimSpec['backend'], launch: string): void {
  const child = spawn(
    backend.node,
    [fileURLToPath(new URL('./wake.ts', import.meta.url)), JSON.stringify({ ...backend, launch })],
    { detached: true, stdio: 'ignore', cwd: '/' },
  )
  child.on('error', () => {})
  child.unref()
}
