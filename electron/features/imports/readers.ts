import type { ImportKind } from '#shared/contract/imports.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { ImportSource, Notice } from './source.ts'

export type OpenOptions = {
  readonly token: string | undefined
  /** Where a person said that the files lie. */
  readonly filesFolder?: string | undefined
}

/** Why a file is no store that can be read, though it may have been one. */
export type Fault = {
  /** A whole sentence, with the path. */
  readonly words: string
  /** Worth a word also where it was only found among other files. */
  readonly isDamaged: boolean
}

/** What reads one kind of store. */
export type Reader = {
  readonly kind: ImportKind
  /** What such a store is on a disk; a server is none of them. */
  readonly holds: 'folder' | 'file' | 'address'
  /** True where the path is such a store, as far as a quick look tells. Never throws for what is none. */
  readonly looksLike: (location: string) => Promise<boolean>
  /** Of a location that is no such store: what it is instead, where that can be told. Never throws. */
  readonly fault?: (location: string) => Promise<Fault | undefined>
  /** The location as it is kept, the same for all ways to write it; as given by default. */
  readonly plain?: (location: string) => string
  /** Throws AppError when there is no such store (any more). */
  readonly open: (location: string, notice: Notice, options: OpenOptions) => Promise<ImportSource>
}

export type Readers = readonly Reader[]

/**
 * Opens a store of a kind that is known to be at the location. Throws AppError, and the signal's reason at once: a server that says nothing, or a large
 * database that is being copied, holds up nobody who has left. A store that opens after that is closed.
 */
export async function openSource(
  readers: Readers,
  kind: ImportKind,
  location: string,
  notice: Notice,
  options: OpenOptions,
  signal: AbortSignal,
): Promise<ImportSource> {
  const reader = readers.find((known) => known.kind === kind)
  if (reader === undefined) throw appError('unsupported', `${kind} can't be read here.`)
  signal.throwIfAborted()
  const opening = reader.open(location, notice, options)
  const left = Promise.withResolvers<never>()
  const leave = (): void => left.reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([opening, left.promise])
  } catch (error) {
    opening.then((source) => source.close()).catch(() => {})
    throw error
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
