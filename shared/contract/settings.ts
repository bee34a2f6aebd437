import { z } from 'zod'
import { mutation, query } from '../rpc/procedure.ts'
import { Nothing } from './common.ts'

export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  density: z.enum(['compact', 'normal', 'cosy']).default('normal'),
  /** How many queued launches run at once. */
  queueLimit: z.number().int().min(1).max(64).default(1),
  /** Device slots: each is a value of CUDA_VISIBLE_DEVICES, given to one queued launch at a time. Empty: not set. */
  devices: z
    .array(z.string().regex(/^[\w,-]+$/))
    .max(64)
    .readonly()
    .default([]),
  /** Seconds between SIGINT and SIGTERM when a run is stopped. */
  stopGrace: z.number().min(1).max(3600).default(60),
  capture: z
    .object({
      arguments: z.boolean().default(true),
      configFiles: z.boolean().default(true),
      /** The start-up hook that reads argparse and click values. */
      hook: z.boolean().default(true),
      git: z.boolean().default(true),
      diff: z.boolean().default(true),
      packages: z.boolean().default(true),
      environment: z.boolean().default(true),
      systemMetrics: z.boolean().default(true),
      logMetrics: z.boolean().default(true),
      writtenFiles: z.boolean().default(true),
    })
    .prefault({}),
  /** Globs, relative to the project's folder, of written files whose bytes are kept with the run. */
  keep: z.array(z.string()).max(200).readonly().default([]),
})
export type Settings = z.infer<typeof Settings>

/** `partial()` alone would fill absent fields with their defaults: a change must hold just what it names. */
const SettingsChange = z
  .record(z.string(), z.unknown())
  .refine(
    (change) => Object.keys(change).every((key) => Object.hasOwn(Settings.shape, key)),
    'There is no such setting.',
  )

export const settings = {
  get: query(Nothing, Settings),
  /** Changes the given fields only. */
  update: mutation(z.object({ change: SettingsChange }), Settings),
}
