import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { StopState } from '#shared/contract/launch.ts'
import { signalTree, treeOf, type TreeRoot } from '#electron/platform/process/table.ts'
import { type WorkFolder, writeWhole } from '#electron/shim/work-folder.ts'

export type StopState = z.infer<typeof StopState>

/** The signals of a stop, in their order. */
const ORDER = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const

/** What does not die of SIGKILL (it hangs in the system) is given up after this long, milliseconds. */
const UNDYING = 20_000
/** What is left of a tree whose main process has ended waits for nothing: it gets this long, milliseconds. */
const ORPHANS_GRACE = 5_000

export type Stopping = {
  readonly state: () => StopState | null
  /** The first press, or the next one: sends the next signal. `grace` in milliseconds. */
  readonly press: (grace: number) => StopState
  /** To be called often: sends the next signal when its time has come. True once nothing of the tree lives. */
  readonly look: (mainEnded: boolean) => boolean
}

/**
 * Stops a whole tree: SIGINT, after the grace SIGTERM, after it again SIGKILL, which is repeated until nothing is left. How far it came is kept in the
 * work folder, so that a new backend goes on with it.
 */
export function createStopping(work: WorkFolder, root: () => TreeRoot | null, now: () => number): Stopping {
  const stored = readStored(work)
  let state: StopState | null = stored === null ? null : { signal: stored.signal, nextAt: stored.nextAt }
  let grace = stored?.grace ?? 0
  let delivered = stored?.delivered ?? false
  let killedAt: number | undefined

  const send = (signal: StopState['signal']): StopState => {
    const next = signal === 'SIGKILL' ? null : now() + grace
    const tree = root()
    delivered = tree !== null
    if (tree !== null) signalTree(tree, signal)
    state = { signal, nextAt: next }
    quietly(() => writeWhole(work.stop, { ...state, grace, delivered }))
    return state
  }
  const following = (signal: StopState['signal']): StopState['signal'] => ORDER[ORDER.indexOf(signal) + 1] ?? 'SIGKILL'

  return {
    state: () => state,
    press(given) {
      grace = given
      return send(state === null ? 'SIGINT' : following(state.signal))
    },
    look(mainEnded) {
      const tree = root()
      if (state === null || tree === null) return mainEnded
      // Pressed before there was a process.
      if (!delivered) send(state.signal)
      if (treeOf(tree).every((row) => row.zombie)) return true
      if (mainEnded && state.signal === 'SIGINT') {
        grace = Math.min(grace, ORPHANS_GRACE)
        send('SIGTERM')
      } else if (state.signal === 'SIGKILL') {
        signalTree(tree, 'SIGKILL')
        killedAt ??= now()
        return mainEnded && now() - killedAt > UNDYING
      }
      if (state.nextAt !== null && now() >= state.nextAt) send(following(state.signal))
      return false
    },
  }
}

const Stored = StopState.extend({ grace: z.number(), delivered: z.boolean() })

function readStored(work: WorkFolder): z.infer<typeof Stored> | null {
  try {
    return Stored.safeParse(JSON.parse(readFileSync(work.stop, 'utf8'))).data ?? null
  } catch {
    return null
  }
}

function quietly(work: () => void): void {
  try {
    work()
  } catch {
    // A full disk must not keep a signal from being sent.
  }
}
