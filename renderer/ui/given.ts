/** The same properties without those that are undefined. */
export type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/**
 * Drops undefined properties before they are spread into a component whose own types make no room for undefined
 * (`exactOptionalPropertyTypes`), and for which "absent" and "undefined" may differ (controlled or not).
 */
export const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>
