import { delimiter } from 'node:path'

type Environment = Readonly<Record<string, string>>

/** With these, a client would leave the launch: `set_experiment` followed by `start_run` raises. */
const MISLEADING = ['MLFLOW_RUN_ID', 'MLFLOW_EXPERIMENT_ID']

/**
 * The whole environment of a command in a terminal: the terminal's own, with what `launch.prepare` adds over it. PYTHONPATH is put in front of the
 * terminal's (where `prepare` could not read it), and what would lead the tracking client elsewhere is left out when the launch sets its address.
 */
export function terminalEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  added: Environment,
): Record<string, string> {
  const isOurs = added['MLFLOW_TRACKING_URI'] !== undefined
  const kept = Object.entries(own).flatMap(([name, value]) =>
    value === undefined || (isOurs && MISLEADING.includes(name)) ? [] : [[name, value] as const],
  )
  const path = joined(added['PYTHONPATH'], own['PYTHONPATH'])
  return { ...Object.fromEntries(kept), ...added, ...(path === undefined ? {} : { PYTHONPATH: path }) }
}

function joined(added: string | undefined, own: string | undefined): string | undefined {
  if (added === undefined || own === undefined || own === '' || added === own) return added
  return added.endsWith(`${delimiter}${own}`) ? added : `${added}${delimiter}${own}`
}
