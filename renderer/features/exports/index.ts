import { lazyPart } from '#renderer/ui/lazy-part.tsx'

export const ExportDialog = lazyPart(() => import('./export-dialog.tsx').then((all) => all.ExportDialog))
