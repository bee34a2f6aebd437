import { stat, statfs } from 'node:fs/promises'
import type { Log } from '#electron/platform/log.ts'

/** How a store's changes are noticed, until it is stopped. */
export type Telling = {
  /** False where nobody tells, so that the store has to be asked now and then. */
  readonly tells: boolean
  readonly stop: () => Promise<void>
}

/** File systems whose other users' writes this machine hears nothing of: NFS, SMB, CIFS, FUSE (sshfs), 9P, AFS. */
const SHARED: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x5346414f,
])

/**
 * Listens to a folder with all that is below it. Where the system can't tell (a network disk, too many folders, no native part for this system), the
 * answer says so.
 */
export async function tellChanges(
  folder: string,
  log: Log,
  onPaths: (paths: readonly string[]) => void,
  onLost: () => void,
): Promise<Telling> {
  const silent: Telling = { tells: false, stop: () => Promise.resolve() }
  try {
    if (SHARED.has((await statfs(folder)).type)) return silent
    const { subscribe } = await import('@parcel/watcher')
    const subscription = await subscribe(folder, (error, events) => {
      if (error === null) onPaths(events.map(({ path }) => path))
      else onLost()
    })
    return { tells: true, stop: () => subscription.unsubscribe() }
  } catch (error) {
    log.warn('a folder can’t be listened to, so it is looked at now and then', { folder, error })
    return silent
  }
}

/** What shows that a database was written to: sizes and times of its file and of the log beside it. Undefined when it is not there. */
export async function databaseMark(file: string): Promise<string | undefined> {
  const marks = await Promise.all(
    ['', '-wal', '-journal'].map(async (end) => {
      const info = await stat(file + end).catch(() => undefined)
      return info === undefined ? '' : `${info.ino} ${info.size} ${info.mtimeMs}`
    }),
  )
  return marks[0] === '' ? undefined : marks.join(', ')
}
