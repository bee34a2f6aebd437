import { app, dialog } from 'electron'
import { startShell } from './shell.ts'

startShell({ words: process.argv }).catch((error: unknown) => {
  dialog.showErrorBox(
    'Benchtop could not start',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  )
  app.exit(1)
})
