import { expect } from 'vitest'
import { ensureBackend, findBackend } from '#electron/backend/ensure-backend.ts'
import { installation } from '#electron/platform/installation.ts'
import { type BuiltApp } from '../../support/built-app.ts'
import { eventually } from '#test/setup/eventually.ts'

/** A backend under its supervisor, to be killed. */
export type BackendProcess = {
  readonly port: () => number
  /** `kill -9`, then waits until its successor answers on the same port. */
  readonly kill: () => Promise<void>
  readonly kills: () => number
  /** The longest time from a kill to the successor's first answer, milliseconds. */
  readonly longestGap: () => number
  /** Ends it as a person would and starts it again: the supervisor counts deaths in a row. */
  readonly restart: () => Promise<void>
}

export async function startBackendProcess(app: BuiltApp): Promise<BackendProcess> {
  let kills = 0
  let longestGap = 0
  const ensure = async (): Promise<void> => {
    const here = installation()
    const { build } = here
    await ensureBackend({
      dataFolder: app.home,
      node: here.node,
      entry: here.backendEntry,
      ...(build === null ? {} : { build }),
    })
  }
  await ensure()
  const { port } = app.backend()
  return {
    port: () => port,
    kills: () => kills,
    longestGap: () => longestGap,
    async kill() {
      const { pid } = app.backend()
      const killedAt = performance.now()
      process.kill(pid, 'SIGKILL')
      kills++
      const successor = await eventually(async () => {
        const found = await findBackend(app.home)
        if (found === undefined || found.pid === pid)
          throw new Error(`No backend has come back.\n${app.log().slice(-2_000)}`)
        return found
      })
      longestGap = Math.max(longestGap, performance.now() - killedAt)
      expect(new URL(successor.url).port).toBe(String(port))
    },
    async restart() {
      const end = await app.benchtop(['backend', 'stop', '--force'])
      expect(end.stdout).toBe('Stopped.\n')
      await ensure()
      expect(app.backend().port).toBe(port)
    },
  }
}
