import type { ExportReport } from '#shared/contract/exports.ts'

/** What did not go along as it is, and why. */
export type Notes = {
  readonly add: (what: string, why: string) => void
  readonly list: () => ExportReport['notes']
}

const MOST = 1_000

/** Keeps the first thousand; of the others it says how many there are. The same is told once. */
export function createNotes(): Notes {
  const seen = new Set<string>()
  const notes: { readonly what: string; readonly why: string }[] = []
  let more = 0
  return {
    add: (what, why) => {
      const key = `${what}\0${why}`
      if (seen.has(key)) return
      if (notes.length === MOST) return void more++
      seen.add(key)
      notes.push({ what, why })
    },
    list: () =>
      more === 0 ? notes : [...notes, { what: `${more.toLocaleString('en')} more`, why: 'They are like those above.' }],
  }
}
