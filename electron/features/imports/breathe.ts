import { setImmediate } from 'node:timers/promises'

/** How long work may go on before others have their turn, milliseconds. */
const TURN = 8

/**
 * Lets others have their turn now and then: promises alone that are fulfilled already never do. The returned function is called between pieces of work.
 */
export function createBreath(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < TURN) return
    await setImmediate()
    since = performance.now()
  }
}
