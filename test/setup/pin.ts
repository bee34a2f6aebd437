/**
 * Writes python.txt, torch.txt and those of `beside/` anew from the .in files beside them: `node test/setup/pin.ts`, or
 * `node test/setup/pin.ts psutil` for some alone.
 *
 * Run it by hand when a wish in an .in file changes, and commit what it writes. All hold for Python 3.11 and up.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinnedApart, pinsOf } from './cache.ts'
import { bringUv } from './uv.ts'

/**
 * What PyPI's torch for Linux names but a CPU never loads: its import links all other CUDA libraries, so those must
 * stay. Leaving these out saves 1.3 GB of 5.8 GB.
 */
const neverLoadedOnCpu = [
  'triton',
  'cuda-toolkit',
  'cuda-bindings',
  'cuda-pathfinder',
  'nvidia-cusolver',
  'nvidia-cuda-cccl',
  'nvidia-nvtx',
]

/** What old clients name and load for Databricks, Git and their command line alone: half of their size. */
const neverLoadedByOldClients = [
  ...['databricks-sdk', 'google-auth', 'pyasn1', 'pyasn1-modules', 'cryptography', 'cffi', 'pycparser'],
  ...['oauthlib', 'pyjwt', 'tabulate', 'gitpython', 'gitdb', 'smmap'],
]

const chosen = process.argv.slice(2)
const scratch = mkdtempSync(join(tmpdir(), 'benchtop-pin-'))
const uv = await bringUv(scratch, (line) => console.log(line))

for (const name of ['python', 'torch', ...pinnedApart]) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const unwanted = name.startsWith('mlflow-') ? neverLoadedByOldClients : neverLoadedOnCpu
  const left = unwanted.flatMap((one) => ['--no-emit-package', one])
  const how = ['--universal', '--python-version', '3.11', '--no-annotate', '--upgrade', '--quiet']
  const command = ['--custom-compile-command', 'node test/setup/pin.ts']
  const pins = fileURLToPath(pinsOf(name))
  const files = [`${basename(pins, '.txt')}.in`, '-o', basename(pins)]
  execFileSync(uv, ['pip', 'compile', ...how, ...left, ...command, ...files], { cwd: dirname(pins), stdio: 'inherit' })
}
rmSync(scratch, { recursive: true })
