import { lazyDialog } from '#renderer/ui/lazy-dialog.tsx'

export const ExportDialog = lazyDialog(() => import('./export-dialog.tsx').then((all) => all.ExportDialog))
