import { appError } from '#shared/rpc/app-error.ts'
import { printValue } from '#shared/domain/filter/print.ts'
import type { CliClient } from './backend-client.ts'

type Found = { readonly id: string; readonly number: number; readonly name: string }

/** The run that a person means: its number (`12` or `#12`), its name, an id or the beginning of one; `last` is the newest. */
export async function findRun({ client }: CliClient, project: string, given: string): Promise<string> {
  const find = (text: string): Promise<readonly Found[]> => client.runs.find({ project, text, limit: 100 })
  if (given === 'last') {
    const [newest] = await find('')
    if (newest === undefined) throw appError('not_found', 'This project has no runs yet.')
    return newest.id
  }
  const number = /^#?(\d{1,15})$/.exec(given)?.[1]
  if (number !== undefined) {
    // With its hash it is looked for as a number alone; without, every name that holds these digits would come first.
    const numbered = (await find(`#${number}`)).find((run) => run.number === Number(number))
    if (numbered !== undefined) return numbered.id
  }
  const near = await find(given)
  const exact = near.find((run) => run.id === given)
  if (exact !== undefined) return exact.id
  const named = await namedExactly(client, project, given)
  const matches = named.length > 0 ? named : near.filter((run) => given.length >= 4 && run.id.startsWith(given))
  const [only, other] = matches
  if (only === undefined) throw appError('not_found', `There is no run ${given}.`, hintOf('Near it: ', near))
  if (other !== undefined)
    throw appError('invalid', `${given} names ${matches.length} runs.`, hintOf('Use a number: ', matches))
  return only.id
}

async function namedExactly(client: CliClient['client'], project: string, name: string): Promise<readonly Found[]> {
  const value = printValue({ kind: 'string', text: name, span: { from: 0, to: 0 } })
  const { rows } = await client.runs.table({ project, filter: `name = ${value}`, columns: [], limit: 100 })
  return rows
}

function hintOf(words: string, runs: readonly Found[]): { readonly hint?: string } {
  const few = runs.slice(0, 5).map((run) => `#${run.number} ${run.name}`)
  return few.length === 0 ? {} : { hint: `${words}${few.join(', ')}.` }
}
