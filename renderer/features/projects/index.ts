export { ConnectScript } from './connect-script.tsx'
export { HomeScreen } from './home-screen.tsx'
export { OpenFolderDialog } from './open-folder-dialog.tsx'
export { useOpenFolder } from './use-open-folder.ts'
