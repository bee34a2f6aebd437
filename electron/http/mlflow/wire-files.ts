import { invalid } from './errors.ts'
import type { ListedFile } from './services.ts'

/** Where a run's artifacts are for a client: behind this server's proxy. */
export function runArtifacts(run: { readonly experiment: string; readonly id: string }): string {
  return `mlflow-artifacts:/${run.experiment}/${run.id}/artifacts`
}

/** Where a logged model's files are for a client. */
export function modelArtifacts(model: { readonly experiment: string; readonly id: string }): string {
  return `mlflow-artifacts:/${model.experiment}/models/${model.id}/artifacts`
}

/** The `files` of a listing. Undefined is a path that leads out. */
export function wireFiles(files: readonly ListedFile[] | undefined): { readonly files?: readonly unknown[] } {
  if (files === undefined) throw invalid('Invalid path')
  if (files.length === 0) return {}
  return {
    files: files
      .toSorted((left, right) => (left.path < right.path ? -1 : 1))
      .map(({ path, folder, size }) => (folder ? { path, is_dir: true } : { path, is_dir: false, file_size: size })),
  }
}
