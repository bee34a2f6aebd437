import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A small `mlruns` as MLflow's clients leave it: two experiments, three runs with curves, parameters and a file each. Returns its folder. */
export function writeFileStore(folder: string): string {
  const store = join(folder, 'mlruns')
  const file = (path: string, text: string): void => {
    const whole = join(store, path)
    mkdirSync(join(whole, '..'), { recursive: true })
    writeFileSync(whole, text)
  }
  const experiment = (id: string, name: string): void =>
    file(
      `${id}/meta.yaml`,
      `artifact_location: file:///home/ada/mlruns/${id}\ncreation_time: 1700000000000\nexperiment_id: '${id}'\nlast_update_time: 1700000000000\nlifecycle_stage: active\nname: ${name}\n`,
    )
  const run = (experimentId: string, id: string, name: string, rate: string, drop: number): void => {
    const at = `${experimentId}/${id}`
    file(
      `${at}/meta.yaml`,
      `artifact_uri: file:///home/ada/mlruns/${at}/artifacts\nend_time: 1700000060000\nentry_point_name: ''\nexperiment_id: '${experimentId}'\nlifecycle_stage: active\nrun_id: ${id}\nrun_name: ${name}\nrun_uuid: ${id}\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: 1700000000000\nstatus: 3\ntags: []\nuser_id: ada\n`,
    )
    file(`${at}/params/lr`, rate)
    file(`${at}/tags/mlflow.runName`, name)
    file(`${at}/tags/mlflow.user`, 'ada')
    const lines = Array.from(
      { length: 20 },
      (_, step) => `${1700000000000 + step * 1000} ${1 / (1 + step * drop)} ${step}`,
    )
    file(`${at}/metrics/val_loss`, `${lines.join('\n')}\n`)
    file(`${at}/artifacts/notes.txt`, `${name} was trained on a laptop\n`)
  }
  experiment('0', 'Default')
  experiment('814512345678901234', 'churn')
  run('814512345678901234', 'a1'.repeat(16), 'gentle', '0.01', 0.2)
  run('814512345678901234', 'b2'.repeat(16), 'brisk', '0.1', 0.6)
  run('0', 'c3'.repeat(16), 'first-try', '1', 0.05)
  return store
}
