import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '#electron/platform/json-file.ts'

const Answer = z.object({ version: z.string(), at: z.number(), reason: z.string() })

/** How long "cannot be had" is believed. */
const DAY = 24 * 60 * 60 * 1_000

const fileIn = (dataFolder: string): string => join(dataFolder, 'electron-download.json')

/** Why this version of Electron could not be fetched, if that was tried within a day. */
export function rememberedRefusal(dataFolder: string, version: string, now: number): string | undefined {
  const answer = readJsonFile(fileIn(dataFolder), Answer)
  const isRecent = answer !== undefined && answer.version === version && now - answer.at < DAY && answer.at <= now
  return isRecent ? answer.reason : undefined
}

/** Keeps the answer; a data folder that cannot be written costs the next start another attempt. */
export function rememberRefusal(dataFolder: string, version: string, reason: string, now: number): void {
  try {
    writeJsonFile(fileIn(dataFolder), { version, at: now, reason } satisfies z.infer<typeof Answer>)
  } catch {
    // The next start asks again.
  }
}
