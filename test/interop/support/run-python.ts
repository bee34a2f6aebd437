import { spawn } from 'node:child_process'

/** How a Python process ended, and all that it wrote. */
export type PythonEnd = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type PythonOptions = {
  /** Folder to run in. */
  readonly cwd: string
  /** Added to the clean environment, such as MLFLOW_TRACKING_URI. */
  readonly environment?: Readonly<Record<string, string>>
  /** Ends the process with SIGKILL; what it had written is still given, and `code` is null. */
  readonly signal?: AbortSignal
}

/**
 * Runs Python to its end: `runPython(python, ['train.py', '--lr', '0.1'], { cwd })`.
 *
 * The environment is clean of what the machine or an outer training may have set (MLFLOW_*, PYTHON*, virtual
 * environments), and MLflow sends no usage statistics.
 */
export function runPython(python: string, args: readonly string[], options: PythonOptions): Promise<PythonEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, {
      cwd: options.cwd,
      env: { ...cleanEnvironment(process.env), ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', (error) => {
      if (error.name !== 'AbortError') reject(error)
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** Runs Python and gives its standard output; throws with both streams when it does not exit with 0. */
export async function pythonOutput(python: string, args: readonly string[], options: PythonOptions): Promise<string> {
  const { code, stdout, stderr } = await runPython(python, args, options)
  if (code !== 0) throw new Error(`python ended with ${code}\n${stdout.slice(-4000)}\n${stderr.slice(-8000)}`)
  return stdout
}

/** The environment without what changes how Python or MLflow behave. */
export function cleanEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || /^(MLFLOW_|PYTHON|VIRTUAL_ENV|CONDA_|DATABRICKS_)/.test(name) ? [] : [[name, value]],
  )
  return { ...Object.fromEntries(kept), MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' }
}
