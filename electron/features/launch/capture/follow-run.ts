import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { flattenConfig } from '#shared/domain/flatten.ts'
import { isSeedName } from '#shared/domain/compare/seeds.ts'
import { parseArguments } from '#shared/domain/parse-arguments.ts'
import { maskArguments, maskConfig } from '#shared/domain/secrets/mask-values.ts'
import { captureIn, dropArguments, writeCaptured } from './captured-params.ts'
import { addConfigs, flattened, hydraName, keepConfig } from './configs.ts'
import type { CaptureRun } from './context.ts'
import { hookFacts, readHookFiles } from './hook-files.ts'
import { findHydra } from './hydra.ts'

export type FollowOptions = {
  /** Where the start-up hook writes; null for a run that was not launched. */
  readonly hookFolder: string | null
  /** The script as the command names it. */
  readonly script: string | null
  readonly startedAt: number
  /** Called once with the Python that the hook found, where it differs from what was known. */
  readonly onPython: (python: string) => void
}

/** What a run shows of itself while it runs: parsed arguments, seeds, Hydra's configuration. */
export type RunFollower = {
  /** Looks when it is time to; cheap when nothing is new. */
  readonly look: (now: number) => Promise<void>
  /** The last look, after which the hook's own files, unmasked as they are, go. */
  readonly finish: () => Promise<void>
}

const HOOK_EVERY = 500
/** Hydra writes before the script's own code runs: looked for soon, then ever more rarely, milliseconds after the start. */
const HYDRA_AT = [1_500, 4_000, 10_000, 30_000, 120_000]

export function followRun(run: CaptureRun, options: FollowOptions): RunFollower {
  let hookState = ''
  let hookAt = 0
  let hydraLooks = 0
  const hydraSeen = new Set<string>()

  const lookAtHook = async (): Promise<void> => {
    if (options.hookFolder === null || !run.deps.settings().capture.hook) return
    const mark = markOf(options.hookFolder)
    if (mark === hookState) return
    hookState = mark
    const facts = hookFacts(readHookFiles(options.hookFolder), options.script)
    if (facts === undefined) return
    if (facts.python !== null) options.onPython(facts.python)
    const values = flattenConfig(maskConfig(facts.values)).values
    const entries = Object.entries(values).map(([key, value]) => ({ key, value }))
    const left = parseArguments(maskArguments(facts.unparsed)).map(({ key }) => key)
    await run.deps.runs.write(run.project, (writes) => {
      if (facts.ofScript && entries.length > 0) dropArguments(writes, run, new Set(left))
      captureIn(writes, run, entries, facts.parser)
    })
    await addSeeds(run, facts.seeds)
  }

  const lookAtHydra = async (): Promise<void> => {
    if (!run.deps.settings().capture.configFiles || run.project.inbox) return
    const outputs = (await findHydra(run.folder, options.startedAt)).filter(({ folder }) => !hydraSeen.has(folder))
    for (const { folder } of outputs) hydraSeen.add(folder)
    if (outputs.length === 0) return
    const kept = outputs.slice(0, 50).flatMap(({ folder }) =>
      ['config.yaml', 'overrides.yaml'].flatMap((name) => {
        const path = join(folder, '.hydra', name)
        const bytes = readOrNothing(path)
        return bytes === undefined ? [] : [keepConfig(run, path, bytes, hydraName(run.project.folder, folder, name))]
      }),
    )
    await addConfigs(run, kept)
    const entries = common(outputs.map(({ config }) => new Map(flattened(config))))
    await writeCaptured(run, entries, 'hydra')
  }

  return {
    async look(now) {
      if (now - hookAt >= HOOK_EVERY) {
        hookAt = now
        await lookAtHook()
      }
      const due = HYDRA_AT[hydraLooks]
      if (due !== undefined && now - options.startedAt >= due) {
        hydraLooks++
        await lookAtHydra()
      }
    },
    async finish() {
      await lookAtHook()
      await lookAtHydra()
      await seedsOfParams(run)
      if (options.hookFolder !== null) rmSync(options.hookFolder, { recursive: true, force: true })
    },
  }
}

/** A multirun's jobs share a process: what they have in common is the run's. */
function common(configs: readonly ReadonlyMap<string, string>[]): readonly { key: string; value: string }[] {
  const [first, ...others] = configs
  return [...(first ?? [])]
    .filter(([key, value]) => others.every((other) => other.get(key) === value))
    .map(([key, value]) => ({ key, value }))
}

async function addSeeds({ deps, project, run }: CaptureRun, seeds: Readonly<Record<string, string>>): Promise<void> {
  if (Object.keys(seeds).length === 0) return
  const before = deps.runs.getFact(project, run.id, 'seeds') ?? {}
  await deps.runs.setFact(project, run.id, 'seeds', { ...before, ...seeds })
}

/** Parameters that are seeds by their name. */
async function seedsOfParams(run: CaptureRun): Promise<void> {
  const params = run.project.db.all<{ readonly key: string; readonly value: string }>(
    'SELECT key, value FROM param WHERE run = ?',
    run.run.number,
  )
  const seeds = params.filter(({ key, value }) => isSeedName(key) && value !== 'None' && value !== 'null')
  await addSeeds(run, Object.fromEntries(seeds.map(({ key, value }) => [key, value])))
}

function markOf(folder: string): string {
  const stat = statSync(folder, { throwIfNoEntry: false })
  return stat === undefined ? '' : `${stat.mtimeMs}`
}

function readOrNothing(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
