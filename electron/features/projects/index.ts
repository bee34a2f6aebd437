export type { ProjectContext, Projects, Surroundings } from './context.ts'
export { createProjectHandlers } from './handlers.ts'
export { createOpenProjects, type OpenProjects } from './open-projects.ts'
export { rootAbove } from './place.ts'
