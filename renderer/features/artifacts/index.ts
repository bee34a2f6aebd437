export { ElsewhereLine } from './elsewhere-line.tsx'
export { FileView, type FileOf } from './file-view.tsx'
