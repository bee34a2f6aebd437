import { z } from 'zod'
import { mutation, query, stream } from '../rpc/procedure.ts'
import { Change, Nothing } from './common.ts'

export const SystemInfo = z.object({
  version: z.string(),
  build: z.string(),
  pid: z.number().int(),
  port: z.number().int(),
  /** `http://127.0.0.1:5080`, without a trailing slash. */
  url: z.string(),
  startedAt: z.number(),
  dataFolder: z.string(),
  logFile: z.string(),
  platform: z.string(),
  node: z.string(),
  /** Where secrets rest: the system's keychain, or a file that only the user can read. */
  secrets: z.enum(['keychain', 'file']),
  /** Runs and transfers that would suffer if the backend stopped. */
  live: z.number().int(),
  /** The command that puts `benchtop` on PATH, or null where it is there already. */
  installCommand: z.string().nullable(),
})
export type SystemInfo = z.infer<typeof SystemInfo>

/** The backend itself. */
export const system = {
  info: query(Nothing, SystemInfo),
  /** Every change in every open project, coalesced to 10 a second for each entity. */
  changes: stream(Nothing, Change),
  /** A key for one use within two minutes, for the address of a page that a program is started with: that stands where others can read it. */
  ticket: mutation(Nothing, z.object({ ticket: z.string() })),
  /** Puts a link to `benchtop` in a folder of PATH that the user owns. */
  installCommand: mutation(Nothing, z.object({ path: z.string() })),
  /** Ends the backend: refused with `busy` while anything is live, unless `force`. */
  stop: mutation(z.object({ force: z.boolean().default(false) }), Nothing),
}
