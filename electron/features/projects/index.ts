export type { ProjectContext, Projects, Surroundings } from './context.ts'
export { createProjectHandlers } from './handlers.ts'
export { backupFolder, createOpenProjects, type OpenProjects } from './open-projects.ts'
export { recordUndo, type UndoStep } from './undo.ts'
