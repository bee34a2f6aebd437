import type { BackendAddress, EnsureOptions } from '#electron/backend/ensure-backend.ts'

export type BackendKeeper = {
  /** The backend's address; starts it when nothing answers. Throws the backend's own refusal, such as a taken port. */
  readonly address: () => Promise<BackendAddress>
  /** The last known address. */
  readonly known: () => BackendAddress | undefined
  /** Told when the backend was found first, was started again, or moved. */
  readonly onChange: (listener: (address: BackendAddress) => void) => void
  readonly close: () => void
}

/** Milliseconds between two looks, and the longest pause after failures. */
const LOOK_EVERY = 2_000
const LONGEST_PAUSE = 30_000

/**
 * Looks after the backend while a window is there: finds it, starts it, and brings it back when it dies. One of another build is
 * replaced once, as soon as nothing is live; after that, whoever replaces ours is let be, so that two versions of the app never
 * take turns.
 */
export function keepBackend(
  options: EnsureOptions,
  ensure: (options: EnsureOptions) => Promise<BackendAddress>,
  pause: (work: () => void, milliseconds: number) => { unref: () => void } = setTimeout,
): BackendKeeper {
  const listeners = new Set<(address: BackendAddress) => void>()
  const { build, ...anyBuild } = options
  let known: BackendAddress | undefined
  let asking: Promise<BackendAddress> | undefined
  let hadOurs = build === undefined
  let open = true

  const ask = async (): Promise<BackendAddress> => {
    const found = await ensure(hadOurs ? anyBuild : options)
    // One that was just started for us is ours, whatever it calls itself: a damaged installation must not start it again and again.
    hadOurs ||= found.build === build || found.started
    const before = known
    known = found
    const same = before?.url === found.url && before.token === found.token && before.pid === found.pid
    if (!same) for (const listener of listeners) listener(found)
    return found
  }
  const address = (): Promise<BackendAddress> => {
    asking ??= ask().finally(() => (asking = undefined))
    return asking
  }
  const look = (delay: number): void => {
    pause(() => {
      if (!open) return
      void address().then(
        () => look(LOOK_EVERY),
        () => look(Math.min(delay * 2, LONGEST_PAUSE)),
      )
    }, delay).unref()
  }
  look(LOOK_EVERY)
  return {
    address,
    known: () => known,
    onChange: (listener) => void listeners.add(listener),
    close: () => {
      open = false
    },
  }
}
