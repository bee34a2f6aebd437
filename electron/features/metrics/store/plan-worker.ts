import type { MessagePort } from 'node:worker_threads'
import { openReader, type ReadDb } from '#electron/db/connection.ts'
import { type JobItem, type JobPlan, packPlans, planItems } from './plan-job.ts'
import { createReads, type Reads } from './queries.ts'
import type { Layout } from './tools.ts'

/** What the planning thread is asked: to plan, or to let go of a file. It answers each in turn, by its number. */
export type PlanMessage =
  | {
      readonly kind: 'plan'
      readonly id: number
      readonly file: string
      readonly layout: Layout
      readonly items: readonly JobItem[]
    }
  | { readonly kind: 'release'; readonly id: number; readonly file: string }
/** `plans` is undefined when the file could not be read at all. */
export type PlanAnswer = { readonly id: number; readonly plans: readonly JobPlan[] | undefined }

/** Answers plan messages on `port`, each file by a reading connection of its own. */
export function servePlans(port: MessagePort): void {
  const open = new Map<string, { readonly db: ReadDb; readonly reads: Reads }>()

  const readsOf = (file: string): Reads => {
    const known = open.get(file)
    if (known !== undefined) return known.reads
    const db = openReader(file)
    const reads = createReads(db)
    open.set(file, { db, reads })
    return reads
  }

  port.on('message', (message: PlanMessage) => {
    const { id, file } = message
    if (message.kind === 'release') {
      open.get(file)?.db.close()
      open.delete(file)
      return port.postMessage({ id, plans: undefined } satisfies PlanAnswer)
    }
    try {
      const { plans, buffer } = packPlans(planItems(readsOf(file), message.layout, message.items))
      port.postMessage({ id, plans } satisfies PlanAnswer, [buffer])
    } catch {
      port.postMessage({ id, plans: undefined } satisfies PlanAnswer)
    }
  })
}
