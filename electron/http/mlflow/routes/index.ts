import type { Route } from '../call.ts'
import { experimentRoutes } from './experiments.ts'
import { loggedModelRoutes } from './logged-models.ts'
import { metricRoutes } from './metrics.ts'
import { runRoutes } from './runs.ts'

/** Every route under `/api/2.0/mlflow/`, on one page. */
export const routes: readonly Route[] = [...experimentRoutes, ...runRoutes, ...metricRoutes, ...loggedModelRoutes]
