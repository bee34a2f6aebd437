/** Joins class names and leaves out what is false or absent: `cx(s.row, on && s.on)`. */
export const cx = (...names: readonly (string | false | null | undefined)[]): string => names.filter(Boolean).join(' ')
