import type { ImportNote, ImportReport } from '#shared/contract/imports.ts'
import { NOTHING_CAME } from '#shared/domain/imports/nothing-came.ts'

type Counts = ImportReport['came']
export type Count = keyof Counts

/** Counts what comes, and keeps the notes of an import. */
export type Tally = {
  readonly add: (count: Count, by?: number) => void
  readonly known: () => void
  readonly note: (note: ImportNote) => void
  readonly report: (
    outcome: ImportReport['outcome'],
    startedAt: number,
    endedAt: number,
    problem: string | null,
  ) => ImportReport
  readonly counts: () => Readonly<Counts>
}

/** More is told by number only: nobody reads it, and it stands in the database. */
export const MOST_NOTES = 1_000

/** A new one, at nothing. */
export function createTally(): Tally {
  const came = { ...NOTHING_CAME }
  const notes: ImportNote[] = []
  const said = new Set<string>()
  let knownRuns = 0
  let moreNotes = 0
  return {
    add: (count, by = 1) => void (came[count] += by),
    known: () => void knownRuns++,
    note(given) {
      const note = { kind: given.kind, what: short(given.what), why: short(given.why) }
      const text = JSON.stringify(note)
      if (said.has(text)) return
      if (notes.length >= MOST_NOTES) return void moreNotes++
      said.add(text)
      notes.push(note)
    },
    report: (outcome, startedAt, endedAt, problem) => ({
      startedAt,
      endedAt,
      outcome,
      problem,
      came: { ...came },
      knownRuns,
      notes: [...notes],
      moreNotes,
    }),
    counts: () => came,
  }
}

const MOST_TEXT = 400

function short(text: string): string {
  return text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT - 1)}…`
}
