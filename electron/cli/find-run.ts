import { appError } from '#shared/rpc/app-error.ts'
import type { CliClient } from './backend-client.ts'

/** The run that a person means: its number (`12` or `#12`), an id or the beginning of one, or its name; `last` is the newest. */
export async function findRun({ client }: CliClient, project: string, given: string): Promise<string> {
  if (given === 'last') {
    const [newest] = await client.runs.find({ project, text: '', limit: 1 })
    if (newest === undefined) throw appError('not_found', 'This project has no runs yet.')
    return newest.id
  }
  const text = given.replace(/^#/, '')
  const found = await client.runs.find({ project, text, limit: 100 })
  const exact = found.filter((run) => run.id === text || String(run.number) === text)
  const named = exact.length > 0 ? exact : found.filter((run) => run.name === text)
  const matches =
    named.length > 0 ? named : found.filter((run) => /^[0-9a-f]{4,}$/.test(text) && run.id.startsWith(text))
  const [only, other] = matches
  if (only === undefined)
    throw appError(
      'not_found',
      `There is no run ${given}.`,
      found.length === 0
        ? {}
        : {
            hint: `Near it: ${found
              .slice(0, 3)
              .map((run) => `${run.name} (#${run.number})`)
              .join(', ')}.`,
          },
    )
  if (other !== undefined)
    throw appError('invalid', `${given} names ${matches.length} runs.`, {
      hint: `Use a number: ${matches
        .slice(0, 5)
        .map((run) => `#${run.number}`)
        .join(', ')}.`,
    })
  return only.id
}
