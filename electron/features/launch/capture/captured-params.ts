import { maskNamedValue } from '#shared/domain/secrets/mask-values.ts'
import type { RunWrites } from '#electron/features/runs/index.ts'
import type { CaptureRun } from './context.ts'

/** Where a captured value came from. The surer source wins over the others, whichever is read first. */
export type CaptureSource = 'config' | 'hydra' | 'arguments' | 'click' | 'argparse'

const SURENESS: Readonly<Record<CaptureSource, number>> = { config: 1, hydra: 2, arguments: 3, click: 4, argparse: 4 }

/** A parameter value is kept to this many characters; the whole of a longer one is in the command or the kept file. */
const LONGEST = 50_000

type Entry = { readonly key: string; readonly value: string }

/** Writes captured parameters, masked, beside those of other sources: a surer one is not replaced. */
export async function writeCaptured(
  { deps, project, run }: Pick<CaptureRun, 'deps' | 'project' | 'run'>,
  entries: readonly Entry[],
  source: CaptureSource,
): Promise<void> {
  if (entries.length === 0) return
  await deps.runs.write(project, (writes) => captureIn(writes, { project, run }, entries, source))
}

/** The same inside a write that is under way. */
export function captureIn(
  writes: RunWrites,
  { project, run }: Pick<CaptureRun, 'project' | 'run'>,
  entries: readonly Entry[],
  source: CaptureSource,
): void {
  const before = new Map(
    project.db
      .all<{ readonly key: string; readonly source: string | null }>(
        `SELECT key, source FROM param WHERE run = ? AND origin = 'captured'`,
        run.number,
      )
      .map(({ key, source: from }) => [key, SURENESS[from as CaptureSource] ?? 0]),
  )
  const taken = entries.filter(({ key }) => (before.get(key) ?? 0) <= SURENESS[source])
  const masked = taken.map(({ key, value }) => ({ key, value: shortened(maskNamedValue(key, value)) }))
  writes.logParams(run.id, masked, 'captured', source)
}

/** What the words of the command were read as, before the script's own parser was heard: gone, but for those `kept`. */
export function dropArguments(
  writes: RunWrites,
  { project, run }: Pick<CaptureRun, 'project' | 'run'>,
  kept: ReadonlySet<string>,
): void {
  const read = project.db.all<{ readonly key: string }>(
    `SELECT key FROM param WHERE run = ? AND origin = 'captured' AND source = 'arguments'`,
    run.number,
  )
  for (const { key } of read) {
    if (kept.has(key)) continue
    project.db.run(`DELETE FROM param WHERE run = ? AND origin = 'captured' AND key = ?`, run.number, key)
    writes.touch('run', run.id)
  }
}

function shortened(value: string): string {
  return value.length <= LONGEST ? value : `${value.slice(0, LONGEST)}… ${value.length - LONGEST} more characters`
}
