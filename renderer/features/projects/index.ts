import { lazyScreen } from '#renderer/ui/lazy-screen.tsx'

export { ConnectScript } from './connect-script.tsx'
export const HomeScreen = lazyScreen('Projects', () => import('./home-screen.tsx').then((all) => all.HomeScreen))
export { OpenFolderDialog } from './open-folder-dialog.tsx'
export { useOpenFolder } from './use-open-folder.ts'
export { type Undo, useUndo } from './use-undo.ts'
