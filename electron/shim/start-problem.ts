/** Why a command could not be started, in words, with the code that a shell answers: 127 not found, 126 not runnable. */
export function startProblem(
  program: string,
  folder: string,
  error: unknown,
): { readonly code: number; readonly error: string } {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return { code: 127, error: `There is no program "${program}", or no folder ${folder}.` }
  if (code === 'EACCES') return { code: 126, error: `"${program}" may not be run.` }
  if (code === 'E2BIG') return { code: 126, error: TOO_LARGE }
  return { code: 126, error: message }
}

const TOO_LARGE = 'An argument, or all arguments and the environment together, are larger than the system takes.'

/** Linux takes no single argument or variable of this many bytes (MAX_ARG_STRLEN: 32 pages). */
const LONGEST = process.platform === 'linux' ? 131_072 : 1_000_000

/** The words for a command that the system would refuse for its size; undefined when a single argument is not the reason. */
export function tooLarge(command: readonly string[]): string | undefined {
  return command.some((part) => Buffer.byteLength(part) >= LONGEST) ? TOO_LARGE : undefined
}
