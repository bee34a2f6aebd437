import { createHash } from 'node:crypto'
import { lstatSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gitText, runGit } from './run-git.ts'

/** What a person edits and a run reads: a change of data or of outputs is no change of the code. */
const SOURCE = /\.(py|pyx|ipynb|sh|bash|r|jl|ya?ml|toml|json|cfg|ini|c|cc|cpp|cu|h|hpp|rs|go|js|ts)$/i
const PRUNED =
  /^(\.git|\.benchtop|node_modules|__pycache__|\.?venv|env|\.tox|\.mypy_cache|\.ipynb_checkpoints|mlruns|wandb|outputs)$/
const MANY = 3_000
const PATIENCE = 5_000

/**
 * A short text that changes when the project's code changes: the commit and the uncommitted diff of a repository, and size and time of its untracked
 * sources; of all sources where there is none. Takes no lock. Not for keeping over versions of Benchtop.
 */
export async function codeState(folder: string, script: string | null): Promise<string> {
  const hash = createHash('sha1')
  const commit = await gitText({ folder, arguments: ['rev-parse', '-q', '--verify', 'HEAD'] })
  const files = commit === undefined ? sourcesUnder(folder) : await untrackedSources(folder)
  if (commit !== undefined) {
    const diff = await runGit({
      folder,
      arguments: [
        'diff',
        '--no-ext-diff',
        '--no-textconv',
        '--no-renames',
        '--no-color',
        '--ignore-submodules=dirty',
        'HEAD',
        '--',
        '.',
      ],
      timeout: PATIENCE,
    })
    hash.update(commit).update(diff.output)
  }
  for (const file of new Set([...(script === null ? [] : [resolve(folder, script)]), ...files])) {
    const stat = lstatSync(file, { throwIfNoEntry: false })
    hash.update(`${file}\0${stat?.size ?? ''}\0${stat?.mtimeMs ?? ''}\0`)
  }
  return hash.digest('hex')
}

async function untrackedSources(folder: string): Promise<readonly string[]> {
  const answer = await runGit({
    folder,
    arguments: ['ls-files', '--others', '--exclude-standard', '-z'],
    timeout: PATIENCE,
  })
  const names = answer.output.toString('utf8').split('\0').slice(0, -1)
  return names
    .filter((name) => SOURCE.test(name))
    .slice(0, MANY)
    .map((name) => join(folder, name))
}

function sourcesUnder(folder: string): readonly string[] {
  const found: string[] = []
  const waiting = [folder]
  let seen = 0
  for (let at = waiting.shift(); at !== undefined && seen < MANY * 5 && found.length < MANY; at = waiting.shift()) {
    for (const entry of entries(at)) {
      seen++
      if (entry.isDirectory() && !PRUNED.test(entry.name)) waiting.push(join(at, entry.name))
      else if (entry.isFile() && SOURCE.test(entry.name)) found.push(join(at, entry.name))
    }
  }
  return found.toSorted()
}

function entries(folder: string): ReturnType<typeof readWithTypes> {
  try {
    return readWithTypes(folder)
  } catch {
    return []
  }
}

function readWithTypes(folder: string) {
  return readdirSync(folder, { withFileTypes: true })
}
