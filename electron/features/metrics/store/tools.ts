import type { Damage } from './damage.ts'
import type { Queries } from './queries.ts'

/** Sizes of what is stored. Chunks have at most 4,096 points: that is what three levels of sixteen describe. */
export type Layout = { readonly chunkPoints: number; readonly linesABlock: number }

export const layout: Layout = { chunkPoints: 4_096, linesABlock: 16 }

/** What reading and writing chunks takes. */
export type StoreTools = { readonly queries: Queries; readonly damage: Damage; readonly layout: Layout }
