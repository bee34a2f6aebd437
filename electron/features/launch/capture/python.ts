import { execFile } from 'node:child_process'
import { z } from 'zod'
import type { PythonFacts as PythonFactsSchema } from '#shared/contract/runs.ts'
import type { Environment } from '#electron/platform/process/login-environment.ts'

export type PythonFacts = z.infer<typeof PythonFactsSchema>

const Printed = z.object({
  python: z.string(),
  implementation: z.string(),
  executable: z.string(),
  packages: z.record(z.string(), z.string()),
  conda: z.record(z.string(), z.string()).default({}),
})

const PATIENCE = 30_000

/** Asks an interpreter for its version and packages by `resources/python/environment_probe.py`, at low priority; null when it doesn't answer. */
export function pythonFacts(
  interpreter: string,
  probe: string,
  place: { readonly folder: string; readonly environment: Environment; readonly signal?: AbortSignal },
): Promise<PythonFacts | null> {
  const [program, given] =
    process.platform === 'win32' ? [interpreter, [probe]] : ['nice', ['-n', '10', interpreter, probe]]
  const { BENCHTOP_CAPTURE_DIR: _capture, BENCHTOP_LAUNCH: _launch, ...environment } = place.environment
  return new Promise((resolve) => {
    execFile(
      program,
      [...given],
      {
        cwd: place.folder,
        env: environment,
        timeout: PATIENCE,
        maxBuffer: 16 << 20,
        ...(place.signal === undefined ? {} : { signal: place.signal }),
      },
      (error, output) => resolve(error === null ? parseProbe(output) : null),
    )
  })
}

/** The probe's answer is the last line of its output: a start-up file may print before it. Conda's packages are added to Python's own. */
export function parseProbe(output: string): PythonFacts | null {
  const line = output.trimEnd().split('\n').at(-1) ?? ''
  try {
    const { python, implementation, executable, packages, conda } = Printed.parse(JSON.parse(line))
    const rest = Object.entries(conda).filter(([name]) => packages[name] === undefined && name !== 'python')
    return { version: python, implementation, executable, packages: { ...Object.fromEntries(rest), ...packages } }
  } catch {
    return null
  }
}
