/** A column that was stored and is not read yet: where its cells come from, and what was set since. Null takes a cell away. */
export type Asleep<Value, Stored> = { readonly stored: Stored; readonly pending: Map<number, Value | null> }

/** Rows are stored by so many at a time: what one changed run costs to write, and what one slice of that work may take. */
export const SEGMENT = 4_096
