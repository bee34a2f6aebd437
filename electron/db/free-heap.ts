import Database from 'better-sqlite3'

/**
 * Has the C library give the whole pages that are free in its heaps back to the system; true where there was something to give back. SQLite's pages, the
 * memory of buffers and what threads used lie there in pieces. Many megabytes of them are free after a burst, but a heap by itself only ever becomes
 * shorter at its end, where some small piece always stays.
 *
 * glibc's `malloc_trim(pad)` does it, for which Node has no call. SQLite can look a function up in a library and call it as an extension's
 * beginning, `f(connection, ...)`: the connection's address is a `pad` that only keeps the end of the main heap from being cut off, and the answer 1,
 * for "given back", is SQLite's word for a mistake. Elsewhere than on Linux with glibc nothing is done.
 */
export function freeHeap(library = 'libc.so.6'): boolean {
  if (process.platform !== 'linux') return false
  const nowhere = new Database(':memory:') as Database.Database & {
    readonly loadExtension: (file: string, entry: string) => unknown
  }
  try {
    nowhere.loadExtension(library, 'malloc_trim')
    return false
  } catch (error) {
    // Without that library or that function it is another message, which SQLite has from the loader.
    return error instanceof Error && error.message.startsWith('error during initialization')
  } finally {
    nowhere.close()
  }
}
