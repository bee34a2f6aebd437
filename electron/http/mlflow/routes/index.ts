import type { Route } from '../call.ts'
import { experimentRoutes } from './experiments.ts'
import { historyRoutes } from './history.ts'
import { inputRoutes } from './inputs.ts'
import { loggedModelRoutes } from './logged-models.ts'
import { loggingRoutes } from './logging.ts'
import { modelVersionRoutes } from './model-versions.ts'
import { registeredModelRoutes } from './registered-models.ts'
import { runRoutes } from './runs.ts'

/** Every route under `/api/2.0/mlflow/`, on one page. */
export const routes: readonly Route[] = [
  ...experimentRoutes,
  ...runRoutes,
  ...loggingRoutes,
  ...inputRoutes,
  ...historyRoutes,
  ...loggedModelRoutes,
  ...registeredModelRoutes,
  ...modelVersionRoutes,
]
