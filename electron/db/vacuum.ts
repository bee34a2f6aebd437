import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { appError } from '#shared/rpc/app-error.ts'
import type { Checkpointer } from './checkpointer.ts'
import type { WriteDb } from './connection.ts'

/** What a database takes on disk, bytes: its file, the pages in it that hold nothing any more, and its write-ahead log. */
export type DatabaseSpace = { readonly databaseBytes: number; readonly freeBytes: number; readonly logBytes: number }
export type VacuumState = { readonly running: boolean; readonly freedBytes: number; readonly leftBytes: number }

/**
 * Gives pages that deletions left empty back to the disk, when asked to. Databases made by this version know who points at a page, and
 * give them back a few at a time between other writes. An older one is written anew once, by the checkpoint worker, while its
 * writes wait (a second for some hundred megabytes). Either way a crash leaves it as it was before or after a portion.
 */
export type Vacuum = {
  readonly space: () => DatabaseSpace
  readonly state: () => VacuumState
  /** Resolves with the bytes given back; a second call joins the one under way. Throws `disk_full` before anything is done. */
  readonly run: () => Promise<number>
}

export type VacuumOptions = {
  readonly checkpointer?: Checkpointer
  /** Bytes free on the disk of a folder; the system's by default. */
  readonly diskFree?: (folder: string) => number
  /** Hears of each portion, so that tests can end the process there. */
  readonly onPortion?: () => void
}

const PAGES_A_PORTION = 16
/** Work between two turns of the event loop, milliseconds. */
const SLICE = 3
/** Pages move by way of the write-ahead log, which starts again at a tenth of this. */
const LOG_ROOM = 192 << 20
const SPARE = 16 << 20
/** `PRAGMA auto_vacuum` of a database that can give back a few pages. */
const INCREMENTAL = 2

export function createVacuum(db: WriteDb, options: VacuumOptions = {}): Vacuum {
  const { checkpointer, diskFree = freeOn, onPortion = () => {} } = options
  let running: Promise<number> | undefined
  let before = 0

  const number = (pragma: string): number => Number(db.value(`PRAGMA ${pragma}`))
  const space = (): DatabaseSpace => {
    const page = number('page_size')
    const logBytes = statSync(`${db.file}-wal`, { throwIfNoEntry: false })?.size ?? 0
    return { databaseBytes: page * number('page_count'), freeBytes: page * number('freelist_count'), logBytes }
  }

  const portion = (): boolean => {
    const until = performance.now() + SLICE
    let left = 0
    do {
      db.transaction(() => db.exec(`PRAGMA incremental_vacuum(${PAGES_A_PORTION})`))
      onPortion()
      left = number('freelist_count')
    } while (left > 0 && performance.now() < until)
    return left > 0
  }
  const turn = (): Promise<boolean> =>
    new Promise((resolve, reject) => {
      setImmediate(() =>
        db.whenFree(() => {
          try {
            resolve(portion())
          } catch (error) {
            reject(error as Error)
          }
        }),
      )
    })

  const vacuum = async (): Promise<number> => {
    const { databaseBytes, freeBytes } = space()
    before = databaseBytes
    const whole = number('auto_vacuum') !== INCREMENTAL
    const needed = SPARE + (whole ? 2 * (databaseBytes - freeBytes) : Math.min(2 * freeBytes, LOG_ROOM))
    checkRoom(db.file, needed, diskFree)
    if (!whole) while (await turn());
    // Only now does the file grow shorter.
    if (checkpointer?.alive() === true) await checkpointer.tidy(db.file, whole)
    else {
      if (whole) db.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM')
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    }
    return Math.max(0, before - space().databaseBytes)
  }

  return {
    space,
    state() {
      const { databaseBytes, freeBytes } = space()
      const freedBytes = running === undefined ? 0 : Math.max(0, before - databaseBytes)
      return { running: running !== undefined, freedBytes, leftBytes: freeBytes }
    },
    run() {
      running ??= vacuum().finally(() => (running = undefined))
      return running
    },
  }
}

function checkRoom(file: string, needed: number, diskFree: (folder: string) => number): void {
  const folder = dirname(file)
  const free = diskFree(folder)
  if (free >= needed) return
  throw appError(
    'disk_full',
    `Giving space back takes ${megabytes(needed)} for a while; ${folder} has ${megabytes(free)}.`,
    {
      hint: 'Free some space on that disk first. Nothing was changed.',
    },
  )
}

const megabytes = (bytes: number): string => `${Math.max(0, Math.round(bytes / 1e6)).toLocaleString('en')} MB`

function freeOn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
