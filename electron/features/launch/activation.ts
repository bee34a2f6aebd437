import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import type { Environment } from '#electron/platform/process/login-environment.ts'
import { parseEnvironment } from '#electron/platform/process/process-facts.ts'

const PATIENCE = 20_000

/**
 * The environment in which an interpreter's own tools are found and its libraries load: what `activate` would make of `base`. A virtual environment
 * needs a few variables; conda's activation scripts are run. An interpreter of neither kind changes nothing.
 */
export async function activated(interpreter: string, base: Environment): Promise<Environment> {
  const bin = dirname(interpreter)
  const prefix = dirname(bin)
  if (existsSync(join(prefix, 'pyvenv.cfg'))) return activatedVenv(prefix, bin, base)
  if (existsSync(join(prefix, 'conda-meta'))) return activatedConda(prefix, base)
  return base
}

function activatedVenv(prefix: string, bin: string, base: Environment): Environment {
  const { PYTHONHOME: _dropped, ...rest } = base
  return { ...rest, VIRTUAL_ENV: prefix, VIRTUAL_ENV_PROMPT: basename(prefix), PATH: before(bin, base['PATH']) }
}

/**
 * What `conda activate <prefix>` does, by conda's own rules (conda/activate.py: build_activate), without needing conda itself: PATH, CONDA_*, the
 * variables of `conda-meta/state`, then the scripts of `etc/conda/activate.d` in the order of their names.
 */
async function activatedConda(prefix: string, base: Environment): Promise<Environment> {
  const isNamed = basename(dirname(prefix)) === 'envs'
  const name = isNamed ? basename(prefix) : 'base'
  const level = Number(base['CONDA_SHLVL'] ?? 0)
  const plain: Environment = {
    ...base,
    PATH: before(join(prefix, 'bin'), base['PATH']),
    CONDA_PREFIX: prefix,
    CONDA_DEFAULT_ENV: name,
    CONDA_PROMPT_MODIFIER: `(${name}) `,
    CONDA_SHLVL: String(Number.isInteger(level) && level > 0 && base['CONDA_PREFIX'] === prefix ? level : 1),
    ...stateVariables(prefix),
  }
  const scripts = activationScripts(prefix)
  return scripts.length === 0 ? plain : runScripts(scripts, plain)
}

function activationScripts(prefix: string): readonly string[] {
  const folder = join(prefix, 'etc', 'conda', 'activate.d')
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.sh'))
      .toSorted()
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}

/** `conda env config vars set` keeps them here; conda itself writes the names in capitals. */
function stateVariables(prefix: string): Environment {
  try {
    const state = JSON.parse(readFileSync(join(prefix, 'conda-meta', 'state'), 'utf8')) as { env_vars?: unknown }
    const variables = Object.entries((state.env_vars ?? {}) as Record<string, unknown>)
    return Object.fromEntries(
      variables.flatMap(([key, value]) =>
        typeof value === 'string' && value !== '***unset***' ? [[key.toUpperCase(), value]] : [],
      ),
    )
  } catch {
    return {}
  }
}

function runScripts(scripts: readonly string[], environment: Environment): Promise<Environment> {
  const marker = '--benchtop-activated--'
  const program = `for script in "$@"; do . "$script" >/dev/null 2>&1; done; printf '%s' '${marker}'; env -0`
  return new Promise((resolve, reject) => {
    execFile(
      '/bin/bash',
      // Bash takes a socket as its input for a remote login, and would read ~/.bashrc.
      ['--norc', '-c', program, 'activate', ...scripts],
      { env: environment, timeout: PATIENCE, maxBuffer: 16 << 20, cwd: '/' },
      (error, output) => {
        const [, block] = output.split(marker)
        if (block !== undefined) {
          const {
            SHLVL: _level,
            PWD: _folder,
            OLDPWD: _previous,
            _: _last,
            ...kept
          } = parseEnvironment(block.split('\0'))
          return resolve(kept)
        }
        reject(
          appError('unavailable', `The conda environment could not be activated: ${error?.message ?? 'no answer'}.`, {
            field: 'interpreter',
          }),
        )
      },
    )
  })
}

function before(folder: string, path: string | undefined): string {
  const rest = (path ?? '').split(delimiter).filter((place) => place !== '' && place !== folder)
  return [folder, ...rest].join(delimiter)
}
