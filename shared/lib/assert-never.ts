/**
 * Closes a `switch` over a union: the compiler refuses the call while a case is missing.
 *
 * @param what names the union in the message, for the value that arrived from outside the types.
 * @throws always; reaching it at run time means that data was trusted without being parsed.
 */
export function assertNever(value: never, what = 'case'): never {
  throw new Error(`Unexpected ${what}: ${describe(value)}`)
}

function describe(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
