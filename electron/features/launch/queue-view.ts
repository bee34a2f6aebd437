import type { z } from 'zod'
import type { QueueEntry } from '#shared/contract/launch.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { codeState } from '#electron/platform/git/code-state.ts'
import type { LaunchDeps } from './deps.ts'
import type { Lifecycle } from './lifecycle.ts'
import { changeLaunch, type LaunchRecord } from './queries.ts'
import { placeAt, waiting } from './queue.ts'

export type QueueView = {
  readonly entries: () => readonly z.infer<typeof QueueEntry>[]
  readonly reorder: (run: string, position: number) => Promise<void>
}

/** How often the code of queued launches is looked at while somebody looks at the queue, milliseconds. */
const LOOK_EVERY = 3_000

/** What runs and what waits, of all projects. */
export function createQueueView(deps: LaunchDeps, lifecycle: Lifecycle): QueueView {
  const { clock, log } = deps.surroundings
  const changed = new Map<string, boolean>()
  const lookedAt = new Map<string, number>()

  /** In the background: the answer is told as a change of the launch. */
  const lookAtCode = (record: LaunchRecord, project: ProjectContext): void => {
    const { codeState: noted } = record
    if (noted === null || clock.now() - (lookedAt.get(record.id) ?? 0) < LOOK_EVERY) return
    lookedAt.set(record.id, clock.now())
    const script = deps.runs.findRun(project, record.run)?.script ?? null
    codeState(project.folder, script)
      .then((now) => {
        if ((changed.get(record.id) ?? false) === (now !== noted)) return
        changed.set(record.id, now !== noted)
        project.changed({ project: project.id, entity: 'launch', ids: [record.id] })
      })
      .catch((error: unknown) => log.warn('the state of the code could not be read', { launch: record.id, error }))
  }

  return {
    entries() {
      const launches = lifecycle.launches()
      const order = waiting(launches)
      const running = launches
        .filter(({ state }) => state !== 'queued')
        .toSorted((a, b) => (a.startedAt ?? a.queuedAt) - (b.startedAt ?? b.queuedAt))
      return [...running, ...order].flatMap((record) => {
        const run = deps.runs.findRun(record.project, record.run)
        if (run === undefined) return []
        if (record.state === 'queued') lookAtCode(record, record.project)
        return [
          {
            run: record.run,
            name: run.name,
            project: record.project.id,
            state: record.state === 'queued' || record.state === 'stopping' ? record.state : ('running' as const),
            position: order.indexOf(record),
            queuedAt: record.queuedAt,
            startedAt: record.startedAt,
            device: record.device,
            codeChanged: changed.get(record.id) ?? false,
          },
        ]
      })
    },
    async reorder(run, position) {
      const launches = lifecycle.launches()
      const record = launches.find((launch) => launch.run === run && launch.state === 'queued')
      if (record === undefined) throw appError('conflict', 'This run does not wait in the queue any more.')
      const place = placeAt(launches, record.id, Math.min(position, waiting(launches).length - 1))
      const { project } = record
      await project.commits.enqueue(() => changeLaunch(project.db, record.id, { position: place }))
      project.changed({ project: project.id, entity: 'launch', ids: [record.id] })
    },
  }
}
