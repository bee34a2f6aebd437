import { basename, isAbsolute, relative, resolve, sep } from 'node:path'

/** What a command runs, as far as its words tell. */
export type CommandParts = {
  /** Index of the Python that runs the script, where the command names one. */
  readonly python: number | null
  /** The script's path as it is written, for `-m` the module; null when there is none (`python -c`, a bare program). */
  readonly script: string | null
  readonly module: boolean
  /** The script's own arguments. */
  readonly arguments: readonly string[]
}

const PYTHON = /^(?:python|pypy)(?:\d+(?:\.\d+)?)?t?(?:\.exe)?$/i
const SHELL = /^(?:ba|z|da|k|fi)?sh$/
/** Python's options that take the next word. */
const PYTHON_VALUES = new Set(['-X', '-W', '--check-hash-based-pycs'])
/** Programs that run what follows them; their own options stand between. */
const WRAPPERS =
  /^(?:uv|uvx|poetry|pipenv|pdm|hatch|rye|pixi|conda|mamba|micromamba|accelerate|torchrun|deepspeed|horovodrun|mpirun|mpiexec|srun|nohup|time|nice|ionice|env|stdbuf|timeout|taskset|numactl|xvfb-run|nsys|ncu|py-spy|coverage|caffeinate|composer|fabric|lightning)$/
/** Modules that are such programs: `python -m torch.distributed.run`. */
const WRAPPER_MODULES =
  /^(?:torch\.distributed\.(?:run|launch)|accelerate\.commands\.launch|deepspeed\.launcher\.runner|coverage|pdb|cProfile|debugpy|kernprof|trace)$/
const SCRIPT = /\.(?:py|pyw|ipynb|sh|bash|zsh|r|jl)$/i

/** Finds the script of a command: behind Python's options, a launcher (`torchrun`, `accelerate launch`, `uv run`) or a shell. */
export function commandParts(command: readonly string[]): CommandParts {
  return partsFrom(command, 0, null)
}

function partsFrom(command: readonly string[], at: number, python: number | null): CommandParts {
  const program = basename(command[at] ?? '')
  if (PYTHON.test(program)) return pythonParts(command, at)
  if (SHELL.test(program)) return shellParts(command, at)
  if (WRAPPERS.test(program)) return wrappedParts(command, at + 1, python)
  const word = command[at] ?? ''
  const isScript = SCRIPT.test(word) || word.includes('/')
  return { python, script: isScript ? word : null, module: false, arguments: command.slice(at + 1) }
}

function pythonParts(command: readonly string[], python: number): CommandParts {
  for (let at = python + 1; at < command.length; at++) {
    const word = command[at] ?? ''
    if (word === '-c' || word === '-') return { python, script: null, module: false, arguments: command.slice(at + 1) }
    const module = word === '-m' ? command[++at] : /^-[a-zA-Z]*m(.+)$/.exec(word)?.[1]
    if (module !== undefined) {
      if (WRAPPER_MODULES.test(module)) return wrappedParts(command, at + 1, python)
      return { python, script: module, module: true, arguments: command.slice(at + 1) }
    }
    if (PYTHON_VALUES.has(word)) at++
    else if (!word.startsWith('-')) return { python, script: word, module: false, arguments: command.slice(at + 1) }
  }
  return { python, script: null, module: false, arguments: [] }
}

function shellParts(command: readonly string[], shell: number): CommandParts {
  for (let at = shell + 1; at < command.length; at++) {
    const word = command[at] ?? ''
    if (/^-[a-z]*c$/.test(word)) break
    if (word === '-o' || word === '-O') at++
    else if (!/^[-+]/.test(word)) return { python: null, script: word, module: false, arguments: command.slice(at + 1) }
  }
  return { python: null, script: null, module: false, arguments: [] }
}

/** Behind a launcher's options, whose values can't be told from the script by form alone: a Python, a shell, a module, or a script's name. */
function wrappedParts(command: readonly string[], from: number, python: number | null): CommandParts {
  for (let at = from; at < command.length; at++) {
    const word = command[at] ?? ''
    const program = basename(word)
    if (PYTHON.test(program) || SHELL.test(program)) {
      // `uv run --python 3.12`, `conda run -n python`: a value, not the program.
      if (!/^(?:-n|-p|--name|--python)$/.test(command[at - 1] ?? '')) return partsFrom(command, at, python)
    }
    if ((word === '-m' || word === '--module') && command[at + 1] !== undefined)
      return { python, script: command[at + 1] ?? null, module: true, arguments: command.slice(at + 2) }
    if (SCRIPT.test(word) && !word.startsWith('-'))
      return { python, script: word, module: false, arguments: command.slice(at + 1) }
    if (word === '--') return partsFrom(command, at + 1, python)
    if (at > from && WRAPPERS.test(program) && !(command[at - 1] ?? '').startsWith('-'))
      return wrappedParts(command, at + 1, python)
  }
  return { python, script: null, module: false, arguments: [] }
}

/**
 * The name by which the runs of one script find each other: its path from the project's folder with `/`, `-m <module>` for a module, the program's name
 * where there is no script. `folder` is where the command runs.
 */
export function scriptName(command: readonly string[], folder: string, root: string): string {
  const { script, module } = commandParts(command)
  if (script === null) return basename(command[0] ?? 'command')
  return module ? `-m ${script}` : nameInside(resolve(folder, script), root)
}

/** A path from the project's folder where it lies inside, with `/`; else as it is. */
export function nameInside(path: string, root: string): string {
  const inside = relative(root, path)
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join('/')
}

/** The command with the chosen interpreter in the place of a leading `python`. */
export function withInterpreter(command: readonly string[], interpreter: string | undefined): readonly string[] {
  const [program = '', ...rest] = command
  return interpreter !== undefined && /^python(?:\d(?:\.\d+)?)?$/.test(program) ? [interpreter, ...rest] : command
}

/**
 * Variables that make a launcher mark whose line is whose: torchrun reads the defaults of its options from `PET_<OPTION>`, and with `--tee 3` puts `[default0]:`
 * before each line of both streams. Nothing where the command says itself how its output goes.
 */
export function launcherVariables(command: readonly string[]): Readonly<Record<string, string>> {
  const isTorchrun = command.some(
    (word, index) =>
      basename(word) === 'torchrun' || (command[index - 1] === '-m' && /^torch\.distributed\.(run|launch)$/.test(word)),
  )
  const isSaid = command.some((word) => /^(?:--tee|--redirects|-t|-r)(?:=|$)/.test(word))
  return isTorchrun && !isSaid ? { PET_TEE: '3' } : {}
}
