import type { Migration } from '../migrate.ts'
import { project0010 } from './0010-project.ts'
import { metrics0020 } from './0020-metrics.ts'
import { registry0030 } from './0030-registry.ts'
import { imports0040 } from './0040-imports.ts'
import { runTable0050 } from './0050-run-table.ts'
import { importLooks0060 } from './0060-import-looks.ts'
import { importHistory0070 } from './0070-import-history.ts'
import { widePoints0080 } from './0080-wide-points.ts'
import { servedFiles0100 } from './0100-served-files.ts'
import { importModels0101 } from './0101-import-models.ts'

/** The schema of a project's database, step by step. */
export const projectMigrations: readonly Migration[] = [
  project0010,
  metrics0020,
  registry0030,
  imports0040,
  runTable0050,
  importLooks0060,
  importHistory0070,
  widePoints0080,
  servedFiles0100,
  importModels0101,
]
