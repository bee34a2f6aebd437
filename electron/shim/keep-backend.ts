import { listens, wake } from './poke.ts'
import type { ShimSpec } from './work-folder.ts'

const EVERY = 2_000
/** A backend that starts has this long until it is started again. */
const PATIENCE = 20_000

/**
 * While the command runs, its tracking server must answer: the real client waits minutes in one call for a dead one. When the port is
 * found dead twice in a row (the backend's own supervisor needs a moment too), the backend is started. Returns how to stop watching.
 */
export function watchBackend(backend: ShimSpec['backend'], launch: string): () => void {
  let misses = 0
  let wokenAt = 0
  const look = async (): Promise<void> => {
    misses = (await listens(backend.port)) ? 0 : misses + 1
    if (misses < 2 || Date.now() - wokenAt < PATIENCE) return
    wokenAt = Date.now()
    wake(backend, launch)
  }
  const timer = setInterval(() => void look(), EVERY)
  timer.unref()
  return () => clearInterval(timer)
}
