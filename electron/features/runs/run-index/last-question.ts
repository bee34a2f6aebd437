import { TableRequest } from '#shared/contract/runs.ts'
import type { WriteDb } from '#electron/db/connection.ts'
import { metaOf, setMeta } from '#electron/features/projects/index.ts'
import type { ParsedTableRequest } from './table.ts'

/** What a person last looked at in the run table, kept in the project: what the next start makes ready while the window is still loading. */
export type LastQuestion = {
  readonly note: (request: ParsedTableRequest) => void
  /** Writes it down if it is another one than is written. */
  readonly keep: () => void
  /** The question that is written; undefined where there is none that this build could have asked. */
  readonly kept: () => ParsedTableRequest | undefined
}

const KEY = 'run table question'
/** A smaller page is a look-up of some runs, not the table. */
const LEAST_ROWS = 100

/** Follows the questions that the run table is asked. */
export function createLastQuestion(db: WriteDb): LastQuestion {
  let last: ParsedTableRequest | undefined
  const written = (): string | undefined => metaOf(db, KEY)
  return {
    note(request) {
      if (request.limit >= LEAST_ROWS) last = request
    },
    keep() {
      if (last === undefined) return
      const text = JSON.stringify({ ...last, offset: 0, expanded: [] })
      if (text === written()) return
      setMeta(db, KEY, text)
    },
    kept() {
      const parsed = TableRequest.safeParse(readJson(written() ?? ''))
      return parsed.success ? parsed.data : undefined
    },
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** So often a view is made before its code counts as compiled: on the machines that were measured, no later one was faster. */
const ROUNDS = 4

/**
 * Questions whose answering makes one answered as after an hour of use: columns that sleep wake one by one, and the code is compiled. To be asked with a turn
 * of the event loop after each; the last one is the question itself.
 */
export function* leadingTo(question: ParsedTableRequest): Generator<ParsedTableRequest, void> {
  // A view that is kept would be made once: a space more is another filter that says the same.
  for (let round = 1; round <= ROUNDS; round++) {
    yield { ...question, filter: question.filter + ' '.repeat(round), columns: [] }
  }
  for (const column of question.columns) yield { ...question, columns: [column] }
  yield question
}
