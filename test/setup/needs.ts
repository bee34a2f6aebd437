import { cacheFolder, readStamp, type Stamp } from './cache.ts'
import type { PartName } from './parts.ts'
import { isProgram } from './process.ts'

/** What a test may ask for by name, and the part that brings it. The Python ones all give the path of a `python`. */
const providers = {
  git: 'git',
  chromium: 'chromium',
  python: 'python',
  mlflow: 'python',
  sklearn: 'python',
  hydra: 'python',
  torch: 'torch',
  lightning: 'torch',
  'mlflow-1.30': 'mlflow-1.30',
  'mlflow-2.9': 'mlflow-2.9',
  'mlflow-2.16': 'mlflow-2.16',
  psutil: 'psutil',
} as const satisfies Record<string, PartName>

export type Need = keyof typeof providers

/** Either what was asked for, or why it is not there. */
export type Answer = ({ readonly ok: true } & Stamp) | { readonly ok: false; readonly reason: string }

/**
 * Where the set-up put something: `need('mlflow')` gives the path of a Python with the real MLflow client.
 * It installs nothing and starts nothing, so it may be asked while tests are collected.
 */
export function need(name: Need, folder: string = cacheFolder()): Answer {
  const stamp = readStamp(folder, providers[name])
  if (stamp !== undefined && isProgram(stamp.path)) return { ok: true, ...stamp }
  const how = `node test/setup/set-up.ts ${providers[name]}`
  return { ok: false, reason: `needs ${name}, which the set-up has not brought (${how})` }
}

/** The path of what was asked for; throws in words when it is not there. For scripts that cannot go on without it. */
export function pathOf(name: Need): string {
  const answer = need(name)
  if (!answer.ok) throw new Error(answer.reason)
  return answer.path
}

/** Whether a missing part is a failure (on build machines) rather than a skip. */
export function requiresAll(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment['BENCHTOP_REQUIRE_ALL'] === '1'
}
