import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { uvVersion } from './cache.ts'
import { aptInstall, isProgram, mayInstallSystemPackages, onPath, runLoudly, type Say } from './process.ts'

/** The Pythons that the pins hold for, best first. */
const pythons = ['python3', 'python3.11', 'python3.12', 'python3.13', 'python3.14']

/** The first Python on PATH that is 3.11 or newer; throws in words when there is none. */
export async function systemPython(say: Say): Promise<string> {
  const seen: string[] = []
  for (const name of pythons) {
    const path = onPath(name)
    if (path === undefined) continue
    const asked = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])'
    const [program = '', version = ''] = (await runLoudly(say, path, ['-c', asked], name)).trim().split(/\r?\n/)
    const [major = 0, minor = 0] = version.split('.').map(Number)
    if (major === 3 && minor >= 11) return program
    seen.push(`${path} is ${version}`)
  }
  throw new Error(`Python 3.11 or newer is wanted on PATH${seen.length > 0 ? `; ${seen.join(', ')}` : ''}`)
}

/**
 * The pinned uv, installed into the cache folder. Debian's bare Python can lack both venv and pip: then pip alone
 * will do, and on a build machine the missing package is installed.
 */
export async function bringUv(folder: string, say: Say): Promise<string> {
  const home = join(folder, 'uv')
  const program = join(home, 'bin', 'uv')
  if (isProgram(program)) return program
  const python = await systemPython(say)
  mkdirSync(folder, { recursive: true })
  try {
    return await installUv(python, home, program, say)
  } catch (error) {
    if (!mayInstallSystemPackages()) throw error
    await aptInstall(say, ['python3-venv', 'python3-pip'])
    return await installUv(python, home, program, say)
  }
}

async function installUv(python: string, home: string, program: string, say: Say): Promise<string> {
  const wanted = `uv==${uvVersion}`
  rmSync(home, { recursive: true, force: true })
  try {
    await runLoudly(say, python, ['-m', 'venv', home], 'uv')
    await runLoudly(say, join(home, 'bin', 'python'), ['-m', 'pip', 'install', '-q', wanted], 'uv')
  } catch {
    rmSync(home, { recursive: true, force: true })
    await runLoudly(say, python, ['-m', 'pip', 'install', '-q', '--target', home, wanted], 'uv')
  }
  if (!existsSync(program)) throw new Error(`uv ${uvVersion} was installed but ${program} is not there`)
  return program
}
