import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import type { Interpreter } from '#shared/contract/launch.ts'

export type InterpreterSearch = {
  /** Where the command will run, inside `root`. */
  readonly folder: string
  /** The project's folder: the search for virtual environments goes up to it. */
  readonly root: string
  /** The environment of launches: PATH, HOME, and where the tools keep their own. */
  readonly environment: Readonly<Record<string, string>>
}

/** No list in the form is longer, and no folder is read further. */
const MANY = 60
const CHILDREN = 400

/**
 * The Pythons that a person may mean, nearest first: virtual environments of the folder and those above it, the project's poetry environment, conda
 * environments, then those on PATH. Found by their files; only Pythons on PATH are asked for their version.
 */
export async function findInterpreters(search: InterpreterSearch): Promise<readonly Interpreter[]> {
  const found = [
    ...foldersUpTo(search.folder, search.root).flatMap(virtualEnvironmentsIn),
    ...poetryEnvironments(search),
    ...condaEnvironments(search.environment),
    ...(await systemPythons(search.environment)),
  ]
  const seen = new Set<string>()
  return found.filter(({ path }) => !seen.has(path) && seen.add(path)).slice(0, MANY)
}

function foldersUpTo(folder: string, root: string): readonly string[] {
  const folders: string[] = []
  for (let at = resolve(folder); ; at = dirname(at)) {
    folders.push(at)
    if (at === resolve(root) || dirname(at) === at) return folders
  }
}

function virtualEnvironmentsIn(folder: string): readonly Interpreter[] {
  const names = entries(folder).toSorted((a, b) => Number(b === '.venv') - Number(a === '.venv') || (a < b ? -1 : 1))
  const byUv = existsSync(join(folder, 'uv.lock'))
  const byPoetry = existsSync(join(folder, 'poetry.lock'))
  return names.flatMap((name): readonly Interpreter[] => {
    const settings = virtualEnvironment(join(folder, name))
    if (settings === undefined) return []
    const own = name === '.venv'
    const kind = settings.has('uv') || (own && byUv) ? 'uv' : own && byPoetry ? 'poetry' : 'venv'
    return [
      { kind, path: settings.python, label: `${name} in ${basename(folder) || folder}`, version: settings.version },
    ]
  })
}

type VirtualEnvironment = {
  readonly python: string
  readonly version: string | null
  readonly has: (key: string) => boolean
}

/** What `pyvenv.cfg` says; undefined for a folder that is no virtual environment. */
function virtualEnvironment(folder: string): VirtualEnvironment | undefined {
  const text = read(join(folder, 'pyvenv.cfg'))
  const python = pythonIn(folder)
  if (text === undefined || python === undefined) return undefined
  const settings = new Map(
    text.split('\n').flatMap((line) => {
      const [key, ...value] = line.split('=')
      return key === undefined || value.length === 0 ? [] : [[key.trim(), value.join('=').trim()] as const]
    }),
  )
  const version = settings.get('version_info') ?? settings.get('version') ?? null
  return { python, version: version === null ? null : versionOf(version), has: (key) => settings.has(key) }
}

/** Poetry's own place: `<name>-<first 8 of the path's SHA-256 in base64url>-py3.11`, poetry/utils/env/env_manager.py. */
function poetryEnvironments({ folder, root, environment }: InterpreterSearch): readonly Interpreter[] {
  const home = environment['HOME'] ?? ''
  const places = [
    environment['POETRY_VIRTUALENVS_PATH'],
    environment['POETRY_CACHE_DIR'] === undefined ? undefined : join(environment['POETRY_CACHE_DIR'], 'virtualenvs'),
    join(environment['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'pypoetry', 'virtualenvs'),
    join(home, 'Library', 'Caches', 'pypoetry', 'virtualenvs'),
  ].filter((place) => place !== undefined)
  const projects = foldersUpTo(folder, root).filter(
    (at) => /^\[tool\.poetry\]/m.test(read(join(at, 'pyproject.toml')) ?? '') || existsSync(join(at, 'poetry.lock')),
  )
  return projects.flatMap((project) => {
    const hash = createHash('sha256').update(realpathSync(project)).digest('base64url').slice(0, 8)
    return places.flatMap((place) =>
      entries(place)
        .filter((name) => name.includes(`-${hash}-py`))
        .flatMap((name): readonly Interpreter[] => {
          const settings = virtualEnvironment(join(place, name))
          return settings === undefined
            ? []
            : [{ kind: 'poetry', path: settings.python, label: name, version: settings.version }]
        }),
    )
  })
}

function condaEnvironments(environment: Readonly<Record<string, string>>): readonly Interpreter[] {
  const home = environment['HOME'] ?? ''
  const listed = (read(join(home, '.conda', 'environments.txt')) ?? '').split('\n').map((line) => line.trim())
  const exe = environment['CONDA_EXE']
  const roots = [
    ...(exe === undefined ? [] : [dirname(dirname(exe))]),
    ...(environment['MAMBA_ROOT_PREFIX'] === undefined ? [] : [environment['MAMBA_ROOT_PREFIX']]),
    ...['miniconda3', 'anaconda3', 'miniforge3', 'mambaforge', 'micromamba', '.conda'].map((name) => join(home, name)),
    '/opt/conda',
    '/opt/miniconda3',
    '/opt/anaconda3',
  ]
  const prefixes = [
    ...listed,
    ...roots,
    ...roots.flatMap((root) => entries(join(root, 'envs')).map((name) => join(root, 'envs', name))),
  ]
  return [...new Set(prefixes)].slice(0, CHILDREN).flatMap((prefix): readonly Interpreter[] => {
    const python = prefix === '' ? undefined : pythonIn(prefix)
    const meta = python === undefined ? [] : entries(join(prefix, 'conda-meta'))
    if (python === undefined || meta.length === 0) return []
    const version = meta.map((name) => /^python-(\d+\.\d+\.\d+)-/.exec(name)?.[1]).find((found) => found !== undefined)
    const isEnvironment = basename(dirname(prefix)) === 'envs'
    return [
      {
        kind: 'conda',
        path: python,
        label: isEnvironment ? basename(prefix) : `base (${basename(prefix)})`,
        version: version ?? null,
      },
    ]
  })
}

/** Pythons on PATH, each file once. Those of a virtual environment that a profile activates are listed as such already. */
async function systemPythons(environment: Readonly<Record<string, string>>): Promise<readonly Interpreter[]> {
  const places = (environment['PATH'] ?? '').split(delimiter).filter((place) => place.startsWith('/'))
  const files = places.flatMap((place) => ['python3', 'python'].map((name) => join(place, name)).filter(existsSync))
  const real = new Map<string, string>()
  for (const file of files) {
    const target = realpathSync(file)
    // A version manager's shim is one file for many Pythons: each name stays.
    const key = target.includes('/shims/') ? file : target
    if (!real.has(key)) real.set(key, file)
  }
  return Promise.all(
    [...real.values()].slice(0, 12).map(async (path): Promise<Interpreter> => {
      const version = await askVersion(path, environment)
      return { kind: 'system', path, label: path, version }
    }),
  )
}

function askVersion(path: string, environment: Readonly<Record<string, string>>): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: 3_000, env: environment, cwd: '/' }, (error, out, err) =>
      resolve(error === null ? versionOf(`${out}${err}`) : null),
    )
  })
}

function versionOf(text: string): string | null {
  return /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? null
}

function pythonIn(prefix: string): string | undefined {
  return ['bin/python', 'bin/python3', 'Scripts/python.exe', 'python.exe']
    .map((name) => join(prefix, name))
    .find(existsSync)
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink() || entry.isFile())
      .slice(0, CHILDREN)
      .map((entry) => entry.name)
  } catch {
    return []
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').slice(0, 100_000)
  } catch {
    return undefined
  }
}
