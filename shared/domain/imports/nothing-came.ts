import type { ImportReport } from '#shared/contract/imports.ts'

/** What came with an import that brought nothing: where counting begins. */
export const NOTHING_CAME: ImportReport['came'] = {
  experiments: 0,
  updatedExperiments: 0,
  runs: 0,
  updatedRuns: 0,
  points: 0,
  params: 0,
  tags: 0,
  datasets: 0,
  loggedModels: 0,
  registeredModels: 0,
  modelVersions: 0,
  copiedFiles: 0,
  copiedBytes: 0,
  referencedFolders: 0,
}
