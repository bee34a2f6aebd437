import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '#electron/platform/json-file.ts'

const Pointer = z.object({
  project: z.string(),
  /** Nothing of it is live any more. */
  ended: z.boolean().optional(),
  /** The spec as it was given, secrets and all, while the launch waits in the queue and only where something in it was masked. */
  spec: z.unknown().optional(),
})
export type Pointer = z.infer<typeof Pointer>

export type Pointers = {
  readonly put: (id: string, pointer: Pointer) => void
  readonly find: (id: string) => Pointer | undefined
  readonly remove: (id: string) => void
  readonly ids: () => readonly string[]
}

/** Ids are ours, or a client's word: nothing else may name a file. */
const ID = /^[A-Za-z0-9][\w-]{0,255}$/

/**
 * Small files in the user's data folder that say to which project something belongs whose own database may be closed: a launch by its address
 * `/l/<launch>`, a run that is watched. Readable by the user alone.
 */
export function openPointers(folder: string): Pointers {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = (id: string): string => join(folder, `${id}.json`)
  return {
    put: (id, pointer) => writeJsonFile(file(id), pointer, 0o600),
    find: (id) => (ID.test(id) ? readJsonFile(file(id), Pointer) : undefined),
    remove: (id) => rmSync(file(id), { force: true }),
    ids: () => names(folder),
  }
}

function names(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((id) => ID.test(id))
}

/** Removes pointers to what ended more than `age` milliseconds ago. */
export function sweepPointers(folder: string, pointers: Pointers, age: number): void {
  const before = Date.now() - age
  for (const id of pointers.ids()) {
    const written = statSync(join(folder, `${id}.json`), { throwIfNoEntry: false })?.mtimeMs ?? Infinity
    if (written < before && pointers.find(id)?.ended === true) pointers.remove(id)
  }
}
