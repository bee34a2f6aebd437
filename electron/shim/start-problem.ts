/** Why a command could not be started, in words, with the code that a shell answers: 127 not found, 126 not runnable. */
export function startProblem(
  program: string,
  folder: string,
  error: NodeJS.ErrnoException,
): { readonly code: number; readonly error: string } {
  if (error.code === 'ENOENT') return { code: 127, error: `There is no program "${program}", or no folder ${folder}.` }
  if (error.code === 'EACCES') return { code: 126, error: `"${program}" may not be run.` }
  if (error.code === 'E2BIG')
    return { code: 126, error: 'The arguments and the environment are larger than the system takes.' }
  return { code: 126, error: error.message }
}
