import { parseArguments } from '#shared/domain/parse-arguments.ts'
import { maskArguments } from '#shared/domain/secrets/mask-values.ts'
import { commandParts } from '../command.ts'

/** The parameters that stand on a command line, behind its script; secrets masked. */
export function capturedArguments(
  command: readonly string[],
): readonly { readonly key: string; readonly value: string }[] {
  const parts = commandParts(command)
  // Without a script, what follows the program is as good as its arguments; what follows `python -c` is code.
  const given = parts.script === null && parts.python !== null ? [] : parts.arguments
  return parseArguments(maskArguments(given)).map(({ key, value }) => ({ key, value }))
}
