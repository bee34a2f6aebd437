import { mkdtempSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeRunName } from '#shared/domain/runs/run-name.ts'
import { createModelsService, createRegistry } from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { createRunsService } from '#electron/features/runs/service.ts'
import { openTestProject } from '#electron/features/runs/test-project.fixture.ts'
import { randomIds } from '#electron/platform/ids.ts'
import { silentLog } from '#electron/platform/log.ts'
import { type ClientServices, serveClient } from './index.ts'

export type ClientServer = {
  /** `http://127.0.0.1:<port>` without a slash at the end. */
  readonly url: string
  readonly project: ProjectContext
  readonly services: ClientServices
  /** What went wrong inside, oldest first: a request must never add to it. */
  readonly faults: unknown[]
  readonly close: () => Promise<void>
}

/** The MLflow API alone, over one project in a folder of its own, with the real services and clock but no launches. */
export async function openClientServer(): Promise<ClientServer> {
  const root = mkdtempSync(join(tmpdir(), 'client-server-'))
  const opened = openTestProject('test', root)
  const project: ProjectContext = { ...opened, clock: { now: () => Date.now() }, ids: randomIds }
  const faults: unknown[] = []
  const services = servicesOver(project, faults)
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    serveClient(request, response, services).catch((error: unknown) => {
      faults.push(error)
      response.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    project,
    services,
    faults,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await opened.dispose()
    },
  }
}

function servicesOver(project: ProjectContext, faults: unknown[]): ClientServices {
  const makeName = (): string => makeRunName(Math.random)
  const runs = createRunsService(makeName)
  const models = createModelsService(makeName)
  return {
    projects: {
      require: () => project,
      open: () => [project],
      inbox: () => project,
      ofPath: () => project,
      onClose: () => {},
    },
    runs,
    models,
    registry: createRegistry(),
    launches: {
      projectOf: () => undefined,
      claim: () => Promise.reject(new Error('Nothing is launched here.')),
      update: (_, run, change) => runs.updateRun(project, run, change),
    },
    noticed: (_request: IncomingMessage) => {},
    mayLog: () => Promise.resolve(true),
    now: () => Date.now(),
    log: { ...silentLog, error: (_event, fields) => void faults.push(fields?.['error'] ?? fields) },
  }
}
