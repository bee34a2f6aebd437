import { appError } from '#shared/rpc/app-error.ts'
import { printValue } from '#shared/domain/filter/print.ts'
import type { CliClient } from './backend-client.ts'

/** So many characters of an id name a run. */
const SHORTEST_ID = 4

type Found = { readonly id: string; readonly number: number; readonly name: string }

/** The run that a person means: its number (`12` or `#12`), its name, an id or the beginning of one; `last` is the newest. One in the trash is refused, by that. */
export async function findRun(cli: CliClient, project: string, given: string): Promise<string> {
  const { run, near } = await lookFor(cli, project, given, false)
  if (run !== undefined) return run.id
  if (given === 'last') throw appError('not_found', 'This project has no runs yet.')
  const { run: trashed } = await lookFor(cli, project, given, true)
  if (trashed !== undefined)
    throw appError('not_found', `The run #${trashed.number} ${trashed.name} is in the trash.`, {
      hint: `benchtop restore ${trashed.number} brings it back, and so does the trash in the app.`,
    })
  throw appError('not_found', `There is no run ${given}.`, hintOf('Near it: ', near))
}

/** The same for a run in the trash. */
export async function findTrashed(cli: CliClient, project: string, given: string): Promise<Found> {
  const { run, near } = await lookFor(cli, project, given, true)
  if (run !== undefined) return run
  if (given === 'last') throw appError('not_found', 'The trash is empty.')
  throw appError('not_found', `There is no run ${given} in the trash.`, hintOf('There is: ', near))
}

async function lookFor(
  { client }: CliClient,
  project: string,
  given: string,
  trashed: boolean,
): Promise<{ readonly run: Found | undefined; readonly near: readonly Found[] }> {
  const find = (text: string): Promise<readonly Found[]> => client.runs.find({ project, text, limit: 100, trashed })
  if (given === 'last') return { run: (await find(''))[0], near: [] }
  const number = /^#?(\d{1,15})$/.exec(given)?.[1]
  if (number !== undefined) {
    // With its hash it is looked for as a number alone; without, every name that holds these digits would come first.
    const numbered = (await find(`#${number}`)).find((run) => run.number === Number(number))
    if (numbered !== undefined) return { run: numbered, near: [] }
  }
  const near = await find(given)
  const exact = near.find((run) => run.id === given)
  if (exact !== undefined) return { run: exact, near }
  const named = await namedExactly(client, project, given, trashed)
  const matches =
    named.length > 0 ? named : near.filter((run) => given.length >= SHORTEST_ID && run.id.startsWith(given))
  if (matches.length > 1)
    throw appError(
      'invalid',
      `${given} names ${matches.length} runs${trashed ? ' in the trash' : ''}.`,
      hintOf('Use a number: ', matches),
    )
  return { run: matches[0], near: near.filter((run) => resembles(run, given)) }
}

/** Worth a hint: a digit or two begin some run's id by chance. */
function resembles(run: Found, given: string): boolean {
  return given.length >= SHORTEST_ID || run.name.toLowerCase().includes(given.toLowerCase())
}

async function namedExactly(
  client: CliClient['client'],
  project: string,
  name: string,
  trashed: boolean,
): Promise<readonly Found[]> {
  const value = printValue({ kind: 'string', text: name, span: { from: 0, to: 0 } })
  const { rows } = await client.runs.table({
    project,
    filter: `name = ${value}`,
    columns: [],
    limit: 100,
    ...(trashed ? { lifecycle: 'deleted' as const } : {}),
  })
  return rows
}

function hintOf(words: string, runs: readonly Found[]): { readonly hint?: string } {
  const few = runs.slice(0, 5).map((run) => `#${run.number} ${run.name}`)
  return few.length === 0 ? {} : { hint: `${words}${few.join(', ')}.` }
}
