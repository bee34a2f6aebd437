import { join } from 'node:path'
import { maskNamedValue } from '#shared/domain/secrets/mask-values.ts'
import { maskText } from '#shared/domain/secrets/mask-text.ts'
import { restOf } from '#shared/lib/whole-number.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { RunWrites } from '#electron/features/runs/index.ts'
import type { TimedPoint } from '../log/read-metrics.ts'
import { writePoints } from '../write-points.ts'
import { artifactPath, placeArtifact } from './artifact-file.ts'
import type { SpoolRecord } from './records.ts'

/** Where a spool's records go. */
export type SpoolTarget = {
  readonly project: ProjectContext
  readonly run: { readonly id: string; readonly number: number }
}

/** Writes params, tags and points, in their order, inside a write. */
export function writeRecords(writes: RunWrites, target: SpoolTarget, records: readonly SpoolRecord[]): void {
  const params = new Map<string, string>()
  const tags = new Map<string, string>()
  const points: TimedPoint[] = []
  for (const record of records) {
    if (record.kind === 'params')
      for (const [key, value] of Object.entries(record.values)) params.set(key, maskNamedValue(key, textOf(value)))
    else if (record.kind === 'tags')
      for (const [key, value] of Object.entries(record.values)) tags.set(key, maskNamedValue(key, value))
    else if (record.kind === 'metrics') {
      const place = placeOf(record)
      for (const [key, value] of Object.entries(record.values)) points.push({ key, value, ...place })
    }
  }
  writeParams(writes, target, params)
  if (tags.size > 0)
    writes.setTags(
      target.run.id,
      [...tags].map(([key, value]) => ({ key, value })),
    )
  writePoints(target.project, target.run.number, points, 'logged')
}

/** A step of 64 bits in all its digits; one that is longer as near as a double is. */
function placeOf({ step, time }: Extract<SpoolRecord, { kind: 'metrics' }>): Omit<TimedPoint, 'key' | 'value'> {
  const near = Number(step)
  const rest = typeof step === 'bigint' ? restOf(String(step), near) : 0
  return rest === 0 ? { step: near, time } : { step: near, time, rest: { step: rest, time: 0 } }
}

/** Texts as they are, numbers in their shortest form, true, false and null as Python has them in MLflow's own store. */
function textOf(value: string | number | boolean | null): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
}

/** This client's parameters may change: what was logged before under a key makes place. */
function writeParams(writes: RunWrites, { project, run }: SpoolTarget, params: ReadonlyMap<string, string>): void {
  if (params.size === 0) return
  for (const key of params.keys())
    project.db.run(`DELETE FROM param WHERE run = ? AND origin = 'logged' AND key = ?`, run.number, key)
  writes.logParams(
    run.id,
    [...params].map(([key, value]) => ({ key, value })),
    'logged',
    'benchtop.py',
  )
}

/** Puts the artifacts of some records among the run's, before the records count as taken: a second time changes nothing. Returns those that could not be. */
export async function placeArtifacts(
  { project, run }: SpoolTarget,
  folder: string,
  records: readonly SpoolRecord[],
): Promise<readonly string[]> {
  const lost: string[] = []
  for (const record of records) {
    if (record.kind !== 'artifact') continue
    const path = artifactPath(record.name)
    const target = path === undefined ? undefined : join(project.artifactsFolder, run.id, 'artifacts', path)
    if (target === undefined || !(await placeArtifact(join(folder, record.file), target))) lost.push(record.name)
  }
  return lost
}

/** The run's end in words. */
export function spoolEnding(record: Extract<SpoolRecord, { kind: 'finish' }>): string {
  const dropped =
    record.dropped !== null && record.dropped > 0 ? ` ${record.dropped} records were lost: its disk took no more.` : ''
  if (record.error !== null && record.error !== '')
    return `Ended by its own error: ${maskText(record.error)}.${dropped}`
  return `${record.status === 'finished' ? 'Finished.' : `Said that it ${record.status === 'killed' ? 'was killed' : 'failed'}.`}${dropped}`
}
