import { readFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseConfig } from './config-files.ts'

export type HydraOutput = {
  /** The folder that holds `.hydra`, absolute. */
  readonly folder: string
  /** Of `config.yaml`. */
  readonly config: unknown
  /** As typed: `model.lr=0.1`. */
  readonly overrides: readonly string[]
}

/** Folders that are looked into for a `.hydra` of the run, per level. */
const LEVELS = 5
const A_LEVEL = 300

/**
 * Finds the `.hydra` folders that a run wrote (`outputs/<date>/<time>/.hydra`, `multirun/...`, or wherever `hydra.run.dir` points inside the folder),
 * by the time of their `config.yaml`. Looks at the newest folders of each level only.
 */
export async function findHydra(folder: string, since: number): Promise<readonly HydraOutput[]> {
  const found: HydraOutput[] = []
  let level = [folder, ...(await subfolders(folder, since - DAY))]
  for (let depth = 0; depth < LEVELS && level.length > 0; depth++) {
    for (const at of level) {
      const output = await hydraIn(at, since)
      if (output !== undefined) found.push(output)
    }
    // A folder is touched when something is made in it: below the first level only those touched during the run count.
    const next = await Promise.all(level.filter((at) => at !== folder).map((at) => subfolders(at, since - SLACK)))
    level = next.flat().slice(0, A_LEVEL)
  }
  return found
}

const DAY = 86_400_000
const SLACK = 2_000
const PRUNED = /^(\.|node_modules$|__pycache__$|site-packages$|venv$|env$)/

async function subfolders(folder: string, since: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const paths = entries
    .filter((entry) => entry.isDirectory() && !PRUNED.test(entry.name))
    .map((entry) => join(folder, entry.name))
  const times = await Promise.all(
    paths.slice(0, 5_000).map((path) =>
      stat(path).then(
        (found) => found.mtimeMs,
        () => 0,
      ),
    ),
  )
  return paths
    .map((path, index) => ({ path, time: times[index] ?? 0 }))
    .filter(({ time }) => time >= since)
    .toSorted((a, b) => b.time - a.time)
    .slice(0, A_LEVEL)
    .map(({ path }) => path)
}

async function hydraIn(folder: string, since: number): Promise<HydraOutput | undefined> {
  const file = join(folder, '.hydra', 'config.yaml')
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || found.mtimeMs < since - SLACK || found.size > 1 << 20) return undefined
  const overrides = read(join(folder, '.hydra', 'overrides.yaml'))
  return { folder, config: read(file), overrides: Array.isArray(overrides) ? overrides.map(String) : [] }
}

function read(file: string): unknown {
  try {
    return parseConfig(file, readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
