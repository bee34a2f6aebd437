import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isApart, nameInCache, pinnedApart, pinsOf, readStamp, type Stamp } from './cache.ts'
import type { Part, PartName } from './parts.ts'
import { isProgram, runLoudly, type Say } from './process.ts'
import { bringUv, systemPython } from './uv.ts'

/** The real MLflow client with scikit-learn, pandas, matplotlib and Hydra. */
export const pythonPart: Part = environmentPart({
  name: 'python',
  size: '0.7 GB',
  asks: 'import mlflow, sklearn, hydra; print(f"mlflow {mlflow.__version__}, scikit-learn {sklearn.__version__}")',
})

/** All of that with PyTorch and Lightning: apart, for its size. */
export const torchPart: Part = environmentPart({
  name: 'torch',
  size: '4.5 GB',
  asks: 'import torch, lightning; print(f"torch {torch.__version__}, lightning {lightning.__version__}")',
})

/** Clients of other years, and what only one test needs: a few megabytes each. */
export const besideParts: readonly Part[] = pinnedApart.map((name) => {
  const [module, size] = name === 'psutil' ? ['psutil', '1 MB'] : ['mlflow', '30 MB']
  return environmentPart({ name, size, asks: `import ${module}; print("${module}", ${module}.__version__)` })
})

type Wish = {
  readonly name: PartName
  /** What it takes on disk, for the progress line. */
  readonly size: string
  /** Python that imports what matters and prints the versions: proof that the environment works. */
  readonly asks: string
}

/** A virtual environment with the pins of a part, in the cache folder under the part's name. */
function environmentPart({ name, size, asks }: Wish): Part {
  const find = (folder: string): Stamp | undefined => {
    const stamp = readStamp(folder, name)
    return stamp !== undefined && isProgram(stamp.path) ? stamp : undefined
  }
  const install = async (folder: string, say: Say): Promise<Stamp> => {
    const uv = await bringUv(folder, say)
    const home = join(folder, nameInCache(name))
    const path = join(home, 'bin', 'python')
    const pins = fileURLToPath(pinsOf(name))
    say(`${name}: installing into ${home} (${size})`)
    rmSync(home, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    await runLoudly(say, uv, ['venv', '--quiet', '--no-config', '--python', await systemPython(say), home], name)
    // The pins are complete, so nothing is resolved; some leave out on purpose what is never loaded. Compiled
    // here once, the packages import fast in every test, also where Python may not write; of a small part, what its first
    // import compiles will do.
    const compiled = isApart(name) ? [] : ['--compile-bytecode']
    const how = ['--quiet', '--no-deps', ...compiled, '--python', path]
    await runLoudly(say, uv, ['pip', 'install', ...how, '-r', pins], name)
    say(`${name}: first import`)
    const version = (await runLoudly(say, path, ['-c', asks], name)).trim().split('\n').at(-1) ?? ''
    return { path, version }
  }
  return { name, find, install }
}
