export { fileInside } from './file-inside.ts'
export { findArtifact, placesOf, placeToWrite, removeArtifact } from './find-artifact.ts'
export { createArtifactHandlers } from './handlers.ts'
export { folderSize } from './list-folder.ts'
export { mimeOf } from './mime.ts'
export {
  artifactBytes,
  artifactFolder,
  type ArtifactOwner,
  type ArtifactRoots,
  checkReference,
  mainPlace,
  rootsOf,
} from './roots.ts'
export { type ArtifactFile, walkArtifacts } from './walk-artifacts.ts'
