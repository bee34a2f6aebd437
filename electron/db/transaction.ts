import type { Database } from 'better-sqlite3'

/**
 * Makes the function that runs work in a transaction, or in a savepoint when one is open already. A throw rolls back what
 * the work did. Prepared once: the library's own `transaction(fn)` builds five wrappers on each call.
 */
export function createTransaction(database: Database): <Result>(work: () => Result) => Result {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const rollback = database.prepare('ROLLBACK')
  const savepoint = database.prepare('SAVEPOINT inner')
  const release = database.prepare('RELEASE inner')
  const rollbackTo = database.prepare('ROLLBACK TO inner')

  const outer = <Result>(work: () => Result): Result => {
    begin.run()
    try {
      const result = work()
      commit.run()
      return result
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (database.inTransaction) rollback.run()
      throw error
    }
  }
  const inner = <Result>(work: () => Result): Result => {
    savepoint.run()
    try {
      const result = work()
      release.run()
      return result
    } catch (error) {
      if (database.inTransaction) {
        rollbackTo.run()
        release.run()
      }
      throw error
    }
  }
  return (work) => (database.inTransaction ? inner(work) : outer(work))
}
