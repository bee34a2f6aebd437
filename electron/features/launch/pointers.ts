import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '#electron/platform/json-file.ts'

const Pointer = z.object({
  project: z.string(),
  /** The spec as it was given, secrets and all, while the launch waits in the queue and only where something in it was masked. */
  spec: z.unknown().optional(),
})
export type Pointer = z.infer<typeof Pointer>

export type Pointers = {
  readonly put: (id: string, pointer: Pointer) => void
  /** Of what is live, and of what has ended. */
  readonly find: (id: string) => Pointer | undefined
  /** Nothing of it is live any more: its project is remembered for a while, for a late client. */
  readonly end: (id: string) => void
  readonly remove: (id: string) => void
  /** What is live. */
  readonly live: () => readonly string[]
  /** Forgets what ended more than `age` milliseconds ago. */
  readonly sweep: (age: number) => void
}

/** Ids are ours, or a client's word: nothing else may name a file. */
const ID = /^[A-Za-z0-9][\w-]{0,255}$/

/**
 * Small files in the user's data folder that say to which project something belongs whose own database may be closed: a launch by its address
 * `/l/<launch>`, a spooled run. Readable by the user alone.
 */
export function openPointers(folder: string): Pointers {
  const past = join(folder, 'ended')
  mkdirSync(past, { recursive: true, mode: 0o700 })
  const file = (id: string): string => join(folder, `${id}.json`)
  const endedFile = (id: string): string => join(past, `${id}.json`)
  const find = (id: string): Pointer | undefined =>
    ID.test(id) ? (readJsonFile(file(id), Pointer) ?? readJsonFile(endedFile(id), Pointer)) : undefined
  return {
    put: (id, pointer) => writeJsonFile(file(id), pointer, 0o600),
    find,
    end(id) {
      const pointer = find(id)
      if (pointer === undefined) return
      // What it was asked with is not needed any more.
      writeJsonFile(file(id), { project: pointer.project }, 0o600)
      renameSync(file(id), endedFile(id))
    },
    remove: (id) => rmSync(file(id), { force: true }),
    live: () => names(folder),
    sweep(age) {
      const before = Date.now() - age
      for (const id of names(past)) {
        const ended = statSync(endedFile(id), { throwIfNoEntry: false })?.mtimeMs ?? Infinity
        if (ended < before) rmSync(endedFile(id), { force: true })
      }
    },
  }
}

function names(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((id) => ID.test(id))
}
