import { appError } from '#shared/rpc/app-error.ts'
import { connectCli, projectOf } from '../backend-client.ts'
import { compareText } from '../compare-text.ts'
import { findRun } from '../find-run.ts'
import type { TableStyle } from '../print-table.ts'

export type CompareOptions = {
  readonly runs: readonly string[]
  readonly all: boolean
  readonly diff: boolean
  readonly project?: string
  readonly style: TableStyle
}

/** `benchtop compare RUN RUN...`: what differs; the first run is the base. */
export async function compareCommand({
  runs: given,
  all,
  diff,
  project: folder,
  style,
}: CompareOptions): Promise<string> {
  const cli = await connectCli()
  const project = await projectOf(cli, folder, false)
  const runs: string[] = []
  for (const name of given) {
    const run = await findRun(cli, project, name)
    if (runs.includes(run)) throw appError('invalid', `${name} is a run that was named before.`)
    runs.push(run)
  }
  const [from = '', ...others] = runs
  const [facts, ...code] = await Promise.all([
    cli.client.runs.facts({ project, runs }),
    ...others.map((to) => cli.client.runs.codeDifference({ project, from, to })),
  ])
  return compareText({ facts, code, all, diff }, style)
}
