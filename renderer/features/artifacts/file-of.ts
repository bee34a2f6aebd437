import type { FilePlace } from '#shared/contract/artifacts.ts'

/** A file that is kept: of a run, or of a logged model. */
export type FileOf = {
  readonly project: string
  /** Absent for a logged model's file where no run is meant. */
  readonly run?: string | undefined
  readonly place: FilePlace
  readonly model?: string | undefined
  readonly path: string
  readonly size: number
}

/** Whose file it is, as the contract is asked. */
export function placeOf({ project, run, place, model }: Omit<FileOf, 'path' | 'size'>): {
  readonly project: string
  readonly run?: string
  readonly place: FilePlace
  readonly model?: string
} {
  return { project, place, ...(run === undefined ? {} : { run }), ...(model === undefined ? {} : { model }) }
}
