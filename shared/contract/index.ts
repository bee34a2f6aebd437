import { artifacts } from './artifacts.ts'
import { exports } from './exports.ts'
import { imports } from './imports.ts'
import { launch } from './launch.ts'
import { metrics } from './metrics.ts'
import { models } from './models.ts'
import { projects } from './projects.ts'
import { runs } from './runs.ts'
import { settings } from './settings.ts'
import { system } from './system.ts'

/** The whole API between the backend and its faces (page, command line, tests), on one page. */
export const contract = { system, settings, projects, runs, metrics, artifacts, models, launch, imports, exports }
export type BenchtopContract = typeof contract
