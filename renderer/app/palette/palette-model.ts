import type { IconName } from '#renderer/ui/icons/icon-paths.ts'
import { rank, type Ranked, type Searchable } from './rank.ts'

/** One row of the palette. */
export interface PaletteItem extends Searchable {
  /** Unique in its group. */
  readonly id: string
  readonly icon?: IconName | undefined
  /** A run's number: its key stands in place of an icon. */
  readonly run?: number | undefined
  readonly keys?: string | undefined
  /** At the right end, where there are no keys: "Open", "Import into a new project". */
  readonly hint?: string | undefined
  readonly choose: () => void
}

/** Where the palette looks besides commands: runs, pages, help. */
export interface PaletteSource {
  readonly id: string
  readonly title: string
  /** A sign that leaves only this source, and the word for it in the footer: `#`, "runs". */
  readonly prefix?: { readonly sign: string; readonly word: string } | undefined
  /** Answers at once or later; what it finds is shown in its order. Called with the text without the sign. */
  readonly find: (text: string, signal: AbortSignal) => readonly PaletteItem[] | Promise<readonly PaletteItem[]>
  /** Items of a fixed list: the palette ranks them and leaves out what does not fit. */
  readonly fixed?: boolean | undefined
}

export const COMMANDS = { sign: '>', word: 'commands' } as const

export interface Asked {
  /** The source that is meant, `commands`, or undefined for all. */
  readonly only: string | undefined
  readonly text: string
}

/** What a text asks for: a sign at its start leaves one source. */
export const readQuery = (query: string, sources: readonly PaletteSource[]): Asked => {
  const sign = query.slice(0, 1)
  const source = sources.find((one) => one.prefix?.sign === sign)
  const only = sign === COMMANDS.sign ? 'commands' : source?.id
  return only === undefined ? { only, text: query.trim() } : { only, text: query.slice(1).trim() }
}

export interface PaletteGroup {
  readonly id: string
  readonly title: string
  readonly rows: readonly Ranked<PaletteItem>[]
}

/** How many commands are shown before a letter is typed. */
const UNASKED = 8

/** Commands for a text: best first, or, before anything is typed, the recent ones and then the others. */
export const commandRows = (
  items: readonly PaletteItem[],
  text: string,
  recent: readonly string[],
  all: boolean,
): readonly Ranked<PaletteItem>[] => {
  if (text !== '') return rank(text, items)
  const order = (item: PaletteItem) => (recent.includes(item.id) ? recent.indexOf(item.id) : recent.length)
  const sorted = items.toSorted((a, b) => order(a) - order(b))
  return rank('', all ? sorted : sorted.slice(0, UNASKED))
}

/** What a source found, with the letters that fit; those of a fixed list that do not fit are left out. */
export const sourceRows = (
  source: PaletteSource,
  items: readonly PaletteItem[],
  text: string,
): readonly Ranked<PaletteItem>[] => {
  if (source.fixed === true) return rank(text, items)
  return items.map((item) => rank(text, [item])[0] ?? { item, label: [], note: [] })
}

/** The list of recent commands after one more was chosen. */
export const withRecent = (recent: readonly string[], id: string): readonly string[] =>
  [id, ...recent.filter((one) => one !== id)].slice(0, 12)
