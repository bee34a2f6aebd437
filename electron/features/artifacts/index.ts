export { fileInside } from './file-inside.ts'
export { artifactFolder, createArtifactHandlers, modelFolder } from './handlers.ts'
export { folderSize } from './list-folder.ts'
export { mimeOf } from './mime.ts'
