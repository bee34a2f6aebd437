export { FileView, type FileOf } from './file-view.tsx'
