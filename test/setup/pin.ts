/**
 * Writes python.txt and torch.txt anew from the .in files beside them: `node test/setup/pin.ts`.
 *
 * Run it by hand when a wish in an .in file changes, and commit what it writes. Both hold for Python 3.11 and up.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

const scratch = mkdtempSync(join(tmpdir(), 'benchtop-pin-'))
const uv = await bringUv(scratch, (line) => console.log(line))
const here = fileURLToPath(new URL('.', import.meta.url))

for (const name of ['python', 'torch']) {
  const left = neverLoadedOnCpu.flatMap((one) => ['--no-emit-package', one])
  const how = ['--universal', '--python-version', '3.11', '--no-annotate', '--upgrade', '--quiet']
  const command = ['--custom-compile-command', 'node test/setup/pin.ts']
  execFileSync(uv, ['pip', 'compile', ...how, ...left, ...command, `${name}.in`, '-o', `${name}.txt`], {
    cwd: here,
    stdio: 'inherit',
  })
}
rmSync(scratch, { recursive: true })
