import { resolve } from 'node:path'
import type { ImportedSource } from '#shared/contract/imports.ts'
import { serverPlace } from '#shared/lib/server-place.ts'
import { appError } from '#shared/rpc/app-error.ts'
import { type CliClient, connectCli, projectOf } from '../backend-client.ts'
import type { SourceVerb } from '../import-line.ts'
import { counted } from '../import-text.ts'
import { jsonText } from '../json-text.ts'
import { historyText, sourcesText, takenBackText } from '../sources-text.ts'
import { createLine, followJob, type ImportOutcome, reported, tokenOf } from './import.ts'

export type SourcesOptions = {
  readonly verb: SourceVerb
  /** Its number in the list, its path or its address; null for all. */
  readonly source: string | null
  readonly project?: string
  /** The name of the variable that holds a server's token. */
  readonly tokenEnv?: string
  readonly json: boolean
}

/** Imports that are told of on a terminal, and to a program. */
const SHOWN = 20
const ALL = 200

/** `benchtop import --list`, and what is done with one of that list. */
export async function sourcesCommand(options: SourcesOptions): Promise<ImportOutcome> {
  const token = tokenOf(options.tokenEnv)
  const cli = await connectCli()
  const project = await projectOf(cli, options.project, false)
  const sources = await cli.client.imports.list({ project })
  const told = (value: unknown, text: string): ImportOutcome => ({
    text: options.json ? jsonText(value) : text,
    code: 0,
  })
  if (options.source === null) {
    if (options.verb === 'list') return told(sources, sourcesText(sources, Date.now()))
    const history = await cli.client.imports.history({ project, limit: options.json ? ALL : SHOWN })
    return told(history.records, historyText(history.records, history.more, Date.now()))
  }
  const known = sourceIn(sources, options.source)
  const { source, location, runs } = known
  const { imports } = cli.client
  switch (options.verb) {
    case 'list':
    case 'history': {
      const history = await imports.history({ project, source, limit: options.json ? ALL : SHOWN })
      return told(history.records, historyText(history.records, history.more, Date.now()))
    }
    case 'again':
      return again(cli, project, known, token, options.json)
    case 'follow':
    case 'unfollow': {
      const watched = options.verb === 'follow'
      await imports.setWatched({ project, source, watched, ...(token === undefined ? {} : { token }) })
      const words = watched
        ? `${location} is followed: what is added there comes by itself while the backend runs.\n`
        : `${location} is not followed any more.${known.tokenKept ? ' Its token is forgotten.' : ''}\n`
      return told(await now(cli, project, source), words)
    }
    case 'forget':
      await imports.forget({ project, source })
      return told(
        { source, location, forgotten: true, runs },
        `${location} is forgotten. ${runs === 0 ? 'No run of it is here.' : `Its ${counted(runs, 'run')} stay${runs === 1 ? 's' : ''}.`} What was deleted here for good comes again with an import from there.\n`,
      )
    case 'take-back': {
      const { change: _change, ...taken } = await imports.takeBack({ project, source })
      return told({ source, location, ...taken }, takenBackText(taken))
    }
  }
}

async function again(
  cli: CliClient,
  project: string,
  { source, job: running }: ImportedSource,
  token: string | undefined,
  json: boolean,
): Promise<ImportOutcome> {
  // One that is under way already is waited for.
  const { job } =
    running === null
      ? await cli.client.imports.again({ project, source, ...(token === undefined ? {} : { token }) })
      : { job: running }
  return reported(cli, project, await followJob(cli, project, job, createLine()), json)
}

async function now({ client }: CliClient, project: string, source: number): Promise<ImportedSource | undefined> {
  return (await client.imports.list({ project })).find((known) => known.source === source)
}

/** The source that a person means: its number in the list, its path or its address. Throws `not_found`. */
export function sourceIn(sources: readonly ImportedSource[], given: string): ImportedSource {
  const address = serverPlace(given)
  const places = new Set([address, address.replace(/\/+$/, ''), resolve(given)])
  const found = /^\d+$/.test(given)
    ? sources.find(({ source }) => source === Number(given))
    : sources.find(({ location }) => places.has(location))
  if (found !== undefined) return found
  throw appError('not_found', `Nothing was taken in from ${given} here.`, {
    hint:
      sources.length === 0
        ? 'benchtop import PATH|URL takes a store in.'
        : `benchtop import --list tells the numbers: ${sources.map(({ source }) => source).join(', ')}.`,
  })
}
