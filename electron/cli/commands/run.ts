import { formatDuration } from '#shared/lib/format-time.ts'
import { chooseNumberFormat, formatDelta, formatNumber } from '#shared/lib/format.ts'
import type { Changed, RunDetail } from '#shared/contract/runs.ts'
import { findProgram } from '#electron/platform/process/find-program.ts'
import { runInTerminal } from '#electron/shim/run-in-terminal.ts'
import { terminalEnvironment } from '#electron/shim/terminal-environment.ts'
import { installation } from '#electron/platform/installation.ts'
import { type CliClient, connectCli, projectOf } from '../backend-client.ts'

export type RunOptions = {
  readonly command: readonly string[]
  readonly experiment?: string
  readonly name?: string
  readonly project?: string
  readonly detach: boolean
  readonly keepTracking: boolean
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
    const { run } = await cli.client.launch.start({ project, spec: { ...spec, ...interpreterHere(spec.command) } })
    const detail = await cli.client.runs.get({ project, run })
    process.stderr.write(`${detail.name} #${detail.number} runs in the background.\n${addressOf(cli, project, run)}\n`)
    return { code: 0, signal: null }
  }
  const prepared = await cli.client.launch.prepare({ project, spec, pid: process.pid, terminal: true })
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
  if (!options.quiet) process.stderr.write(await summary(cli, project, prepared.run).catch(() => ''))
  return { code: end.code, signal: end.signal }
}

/** A background launch gets the login shell's environment: the Python that this terminal would run is named to it. */
function interpreterHere([program = '']: readonly string[]): { readonly interpreter?: string } {
  const { PATH: path, VIRTUAL_ENV: virtual, CONDA_PREFIX: conda } = process.env
  const isPython = /^python(?:\d(?:\.\d+)?)?$/.test(program)
  if (!isPython && virtual === undefined && conda === undefined) return {}
  const found = findProgram(isPython ? program : 'python', process.cwd(), path)
  return found === undefined ? {} : { interpreter: found }
}

function addressOf({ url }: CliClient, project: string, run: string): string {
  return `${url}/#/p/${project}/runs/${run}`
}

const ENDED: ReadonlySet<RunDetail['status']> = new Set(['finished', 'failed', 'killed', 'lost'])
const PATIENCE = 3_000

/** The few lines that matter: metrics against the previous run, what changed, the address. */
async function summary(cli: CliClient, project: string, run: string): Promise<string> {
  const deadline = Date.now() + PATIENCE
  let detail = await cli.client.runs.get({ project, run })
  while (!ENDED.has(detail.status) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 40))
    detail = await cli.client.runs.get({ project, run })
  }
  const changed = await cli.client.runs.changed({ project, run })
  return summaryText(
    detail,
    changed,
    addressOf(cli, project, run),
    process.stderr.isTTY && process.env['NO_COLOR'] === undefined,
  )
}

const SHOWN_METRICS = 6

/** The summary as text, ending with a line feed. */
export function summaryText(detail: RunDetail, changed: Changed, address: string, colour: boolean): string {
  const dim = (text: string): string => (colour ? `\u001b[2m${text}\u001b[22m` : text)
  const took =
    detail.startedAt !== null && detail.endedAt !== null
      ? ` in ${formatDuration(detail.endedAt - detail.startedAt)}`
      : ''
  const lines = [`${detail.name} #${detail.number} ${detail.status}${took}`]
  const before = new Map(changed.metrics.map((metric) => [metric.key, metric]))
  const metrics = detail.metrics.filter(({ origin, last }) => origin !== 'system' && last !== null)
  for (const { key, last, lastStep } of metrics.slice(0, SHOWN_METRICS)) {
    if (last === null) continue
    const other = before.get(key)
    const format = chooseNumberFormat(other === undefined ? [last] : [last, other.before, other.now])
    const delta =
      other === undefined
        ? ''
        : `  ${formatDelta(other.now - other.before, format)} ${dim(`against ${changed.previous?.name ?? ''} at ${other.step}`)}`
    lines.push(
      `  ${key.padEnd(18)} ${formatNumber(last, format)} ${dim(lastStep === null ? '' : `at ${lastStep}`)}${delta}`,
    )
  }
  if (metrics.length > SHOWN_METRICS) lines.push(dim(`  and ${metrics.length - SHOWN_METRICS} more`))
  const what = changedWords(changed)
  if (changed.previous !== null)
    lines.push(`  ${dim('changed'.padEnd(18))} ${what === '' ? 'nothing that can be seen' : what}`)
  lines.push(`  ${address}`)
  return `\n${lines.join('\n')}\n`
}

function changedWords({ params, code, packages, dataFiles }: Changed): string {
  const names = params.slice(0, 4).map(({ key, before, now }) => `${key} ${before ?? 'not set'} → ${now ?? 'not set'}`)
  const more = params.length > 4 ? [`${params.length - 4} more parameters`] : []
  const lines =
    code !== null && code.added + code.removed > 0
      ? [`+${code.added} −${code.removed} lines in ${code.files} ${code.files === 1 ? 'file' : 'files'}`]
      : []
  const packs = packages.length > 0 ? [`${packages.length} ${packages.length === 1 ? 'package' : 'packages'}`] : []
  const data = dataFiles.length > 0 ? [`${dataFiles.length} data ${dataFiles.length === 1 ? 'file' : 'files'}`] : []
  return [...names, ...more, ...lines, ...packs, ...data].join('; ')
}
