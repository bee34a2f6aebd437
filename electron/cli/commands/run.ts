import type { RunDetail } from '#shared/contract/runs.ts'
import { insideRepository } from '#electron/platform/git/inside-repository.ts'
import { runInTerminal } from '#electron/shim/run-in-terminal.ts'
import { terminalEnvironment } from '#electron/shim/terminal-environment.ts'
import { installation } from '#electron/platform/installation.ts'
import { type CliClient, connectCli, projectOf } from '../backend-client.ts'
import { summaryText } from '../summary-text.ts'

export type RunOptions = {
  readonly command: readonly string[]
  readonly experiment?: string
  readonly name?: string
  readonly project?: string
  readonly detach: boolean
  /** Null keeps a tracking server that is named already. */
  readonly keepTracking: boolean | null
  readonly quiet: boolean
}

/**
 * `benchtop run -- python train.py --lr 0.1`: feels like the bare command, then says in a few lines on standard error what came of it.
 * Resolves with how the command ended.
 */
export async function runCommand(
  options: RunOptions,
): Promise<{ readonly code: number | null; readonly signal: string | null }> {
  const cli = await connectCli()
  const project = await projectOf(cli, options.project, true)
  const spec = {
    command: [...options.command],
    folder: process.cwd(),
    keepTracking: options.keepTracking,
    ...(options.experiment === undefined ? {} : { experiment: options.experiment }),
    ...(options.name === undefined ? {} : { name: options.name }),
  }
  if (options.detach) {
    const { run } = await cli.client.launch.start({ project, spec, base: plain(process.env) })
    const detail = await cli.client.runs.get({ project, run })
    process.stderr.write(`${detail.name} #${detail.number} runs in the background.\n${addressOf(cli, project, run)}\n`)
    return { code: 0, signal: null }
  }
  const prepared = await cli.client.launch.prepare({ project, spec, pid: process.pid, terminal: true })
  if (prepared.keptTracking !== null && !options.quiet) {
    process.stderr.write(`The script logs to ${prepared.keptTracking}, as it was set; --log-here brings it here.\n`)
  }
  const here = installation()
  const end = await runInTerminal({
    launch: prepared.launch,
    command: prepared.command,
    folder: prepared.folder,
    environment: terminalEnvironment(process.env, prepared.environment),
    workFolder: prepared.workFolder,
    sample: true,
    backend: {
      node: here.node,
      entry: here.backendEntry,
      dataFolder: cli.dataFolder,
      port: Number(new URL(cli.url).port),
    },
  })
  if (end.error !== null && end.error !== undefined) process.stderr.write(`${end.error}\n`)
  if (!options.quiet) process.stderr.write(await summary(project, prepared.run, prepared.folder).catch(() => ''))
  return { code: end.code, signal: end.signal }
}

function plain(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function addressOf({ url }: CliClient, project: string, run: string): string {
  return `${url}/#/p/${project}/runs/${run}`
}

const ENDED: ReadonlySet<RunDetail['status']> = new Set(['finished', 'failed', 'killed', 'lost'])
/**
 * Milliseconds that the closing lines may wait for the run's end to be stored, for the state of its code, and for what
 * changed to be found. Each takes hundredths of a second; on a machine that is busy otherwise a late summary is better than half of one.
 */
const PATIENCE = 10_000
const PATIENCE_FOR_CODE = 3_000
const PATIENCE_FOR_CHANGES = 6_000

/** The few lines that matter. The backend may have died and come back meanwhile: then it is looked for anew. */
async function summary(project: string, run: string, folder: string): Promise<string> {
  const cli = await connectCli()
  const deadline = Date.now() + PATIENCE
  let detail = await cli.client.runs.get({ project, run })
  while (!ENDED.has(detail.status) && Date.now() < deadline) {
    await after(40)
    detail = await cli.client.runs.get({ project, run })
  }
  // A quick command ends before git has told the state of the code, without which what changed would be half the truth.
  const deadlineForCode = Date.now() + PATIENCE_FOR_CODE
  while (detail.git === null && insideRepository(folder) && Date.now() < deadlineForCode && (await isOpen(cli, run))) {
    await after(20)
    detail = await cli.client.runs.get({ project, run })
  }
  const changed = await Promise.race([
    cli.client.runs.changed({ project, run }),
    after(PATIENCE_FOR_CHANGES).then(() => null),
  ])
  const colour = process.stderr.isTTY && process.env['NO_COLOR'] === undefined
  return summaryText(detail, changed, addressOf(cli, project, run), colour)
}

/** While its launch is open, more may be found out about a run. */
async function isOpen({ client }: CliClient, run: string): Promise<boolean> {
  return (await client.launch.queue({})).some((entry) => entry.run === run)
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
