import type { BackendKeeper } from './backend-keeper.ts'

export type PolicyOrigins = {
  /** The origins that a page about to load may talk to. Resolves soon, with none when the backend is not there yet. */
  readonly forDocument: () => Promise<readonly string[]>
  /** True when pages were loaded with a policy that forbids this backend. */
  readonly mustReload: (url: string) => boolean
}

/** Milliseconds that a window may stay empty for a backend that starts. */
const PATIENCE = 3_000

/** Keeps the pages' policy at exactly one backend: a page whose backend has moved must load again. */
export function createPolicyOrigins(backend: BackendKeeper, patience = PATIENCE): PolicyOrigins {
  let given: string | undefined
  return {
    forDocument: async () => {
      const late = new Promise<undefined>((resolve) => setTimeout(resolve, patience, undefined).unref())
      const address = await Promise.race([backend.address().catch(() => undefined), late])
      given = address === undefined ? '' : originOf(address.url)
      return given === '' ? [] : [given, given.replace(/^http/, 'ws')]
    },
    mustReload: (url) => given !== undefined && given !== originOf(url),
  }
}

function originOf(url: string): string {
  return new URL(url).origin
}
