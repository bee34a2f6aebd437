export { ImportScreen } from './import-screen.tsx'
export { useDropImport } from './use-drop-import.ts'
