import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { ImportPlan, ImportReport } from '#shared/contract/imports.ts'
import { serverPlace } from '#shared/lib/server-place.ts'
import { appError } from '#shared/rpc/app-error.ts'
import { type CliClient, connectCli, projectOf } from '../backend-client.ts'
import { planText, progressText, reportText } from '../import-text.ts'
import { jsonText } from '../json-text.ts'
import { placeOfGiven, placeOfProject, placeText } from '../project-place.ts'

export type ImportOptions = {
  /** A path or an address. */
  readonly location: string
  readonly project?: string
  readonly reference: boolean
  readonly watch: boolean
  readonly dryRun: boolean
  readonly yes: boolean
  /** The name of the variable that holds a server's token. */
  readonly tokenEnv?: string
  /** Where files lie that the records name elsewhere. */
  readonly filesFolder?: string
  readonly json: boolean
}

/** What is printed, and the command's exit code: 1 when an import failed or was cancelled. */
export type ImportOutcome = { readonly text: string; readonly code: number }

/** `benchtop import PATH|URL`: says what would come, asks where somebody can answer, takes it in, and says what came. */
export async function importCommand(options: ImportOptions): Promise<ImportOutcome> {
  const token = tokenOf(options.tokenEnv)
  const cli = await connectCli()
  const given = serverPlace(options.location)
  const location = /^[a-z][a-z0-9+.-]+:\/\//i.test(given) ? given : resolve(given)
  const artifacts = options.reference ? 'reference' : 'copy'
  const { filesFolder } = options
  const asked = {
    location,
    ...(token === undefined ? {} : { token }),
    ...(filesFolder === undefined ? {} : { filesFolder: resolve(filesFolder) }),
  }

  const line = createLine()
  const place = await placeOfGiven(cli, options.project)
  // A folder becomes a project when something comes into it; until then the Inbox, which is always there, is as empty of these runs as it is.
  const plan = await planned(cli, { ...asked, project: place.id ?? 'inbox' }, line)
  if (plan.problem !== null && plan.sources.length === 0) throw appError('not_found', plan.problem)
  const words = planText(plan, artifacts, place)
  if (options.dryRun) return { text: options.json ? jsonText({ project: place, ...plan }) : words, code: 0 }
  if (!options.json) process.stderr.write(words)
  if (!options.yes && !(await agreed())) return { text: 'Nothing was taken in.\n', code: 1 }

  const project = await projectOf(cli, options.project, true)
  const { job } = await cli.client.imports.start({ ...asked, project, artifacts, watched: options.watch })
  const { reports, code } = await followJob(cli, project, job, line)
  const outcome = await reported(cli, project, { reports, code }, options.json)
  const followed = options.watch && !options.json ? 'What is added there comes by itself while the backend runs.\n' : ''
  return { ...outcome, text: outcome.text + followed }
}

/** What came, and into which project. */
export async function reported(
  cli: CliClient,
  project: string,
  { reports, code }: { readonly reports: readonly Reported[]; readonly code: number },
  json: boolean,
): Promise<ImportOutcome> {
  const place = await placeOfProject(cli, project)
  if (json) return { text: jsonText(reports.map((one) => ({ ...one, project: place }))), code }
  const texts = reports.map(({ location, report }) => reportText(location, report))
  return { text: [...texts, `Project: ${placeText(place)}\n`].join('\n'), code }
}

type Reported = { readonly location: string; readonly report: ImportReport }

/** Waits for an import's reports and tells how it goes. The first Ctrl-C ends the import, with its report; the second ends the command. */
export async function followJob(
  cli: CliClient,
  project: string,
  job: string,
  line: Line,
): Promise<{ readonly reports: readonly Reported[]; readonly code: number }> {
  const reports: Reported[] = []
  const stop = (): void => void cli.client.imports.cancel({ project, job }).catch(() => {})
  process.once('SIGINT', stop)
  for await (const event of cli.streams.imports.follow({ project, job })) {
    if (event.type === 'progress') line.show(progressText(event.progress))
    else reports.push(event)
  }
  process.off('SIGINT', stop)
  line.clear()
  return { reports, code: reports.every(({ report }) => report.outcome === 'done') ? 0 : 1 }
}

async function planned(
  cli: CliClient,
  asked: {
    readonly project: string
    readonly location: string
    readonly token?: string
    readonly filesFolder?: string
  },
  line: Line,
): Promise<ImportPlan> {
  for await (const event of cli.streams.imports.inspect(asked)) {
    if (event.type === 'progress') line.show(progressText(event.progress))
    else {
      line.clear()
      return event.plan
    }
  }
  throw appError('internal', 'The backend ended before it had said what there is.')
}

/** Where nobody can answer, it goes on. */
async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await asking.question('Take it in? [Y/n] ')
    return !/^\s*n/i.test(answer)
  } finally {
    asking.close()
  }
}

/** The token that a variable holds. Throws `invalid` where it is not set. */
export function tokenOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const token = process.env[name]
  if (token === undefined || token === '')
    throw appError('invalid', `The variable ${name} is not set.`, {
      hint: '--token-env names the variable that holds the token.',
    })
  return token
}

export type Line = { readonly show: (text: string) => void; readonly clear: () => void }

/** One line on the terminal that is written over; nothing where there is none. */
export function createLine(): Line {
  const { stderr } = process
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} }
  return {
    show: (text) => void stderr.write(`\r\x1b[2K${text.slice(0, Math.max(20, (stderr.columns ?? 80) - 1))}`),
    clear: () => void stderr.write('\r\x1b[2K'),
  }
}
