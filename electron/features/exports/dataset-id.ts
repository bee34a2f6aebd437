import { createHash } from 'node:crypto'

/** A dataset's id in the export: the same for the same dataset of an experiment, whoever names it. 32 hexadecimal digits, as MLflow's. */
export function datasetId(experiment: string, name: string, digest: string): string {
  return createHash('sha256')
    .update(JSON.stringify([experiment, name, digest]))
    .digest('hex')
    .slice(0, 32)
}
