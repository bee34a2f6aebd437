import { lazyScreen } from '#renderer/ui/lazy-screen.tsx'

export const ImportScreen = lazyScreen('Import', () => import('./import-screen.tsx').then((all) => all.ImportScreen))
export { useDropImport } from './use-drop-import.ts'
