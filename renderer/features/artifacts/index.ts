export { ElsewhereLine } from './elsewhere-line.tsx'
export { type FileOf, placeOf } from './file-of.ts'
export { FileRow, FileTree } from './file-tree.tsx'
export { FileView } from './file-view.tsx'
