import { appError } from '#shared/rpc/app-error.ts'
import type { CompareOptions } from './commands/compare.ts'
import type { ExportOptions } from './commands/export.ts'
import type { GarbageOptions } from './commands/gc.ts'
import type { BackendOptions, OpenOptions, RestoreOptions, StopOptions } from './commands/manage.ts'
import type { ModelsOptions } from './commands/models.ts'
import type { RunOptions } from './commands/run.ts'
import type { RunsOptions } from './commands/runs.ts'
import { hasHelp } from './help.ts'
import { type ParsedImport, parseImport } from './import-line.ts'
import { COMMON, inProject, one, parse, STYLES } from './options.ts'
import type { TableStyle } from './print-table.ts'

export type Parsed =
  | { readonly command: 'help'; readonly topic: string | undefined }
  | { readonly command: 'version' }
  | { readonly command: 'run'; readonly options: RunOptions }
  | { readonly command: 'runs'; readonly options: RunsOptions }
  | {
      readonly command: 'show'
      readonly options: { readonly run: string; readonly project?: string; readonly style: TableStyle }
    }
  | {
      readonly command: 'metrics'
      readonly options: {
        readonly run: string
        readonly key: string
        readonly project?: string
        readonly style: TableStyle
      }
    }
  | { readonly command: 'compare'; readonly options: CompareOptions }
  | { readonly command: 'models'; readonly options: ModelsOptions }
  | { readonly command: 'export'; readonly options: ExportOptions }
  | ParsedImport
  | { readonly command: 'stop'; readonly options: StopOptions }
  | { readonly command: 'restore'; readonly options: RestoreOptions }
  | { readonly command: 'open'; readonly options: OpenOptions }
  | { readonly command: 'gc'; readonly options: GarbageOptions }
  | { readonly command: 'backend'; readonly options: BackendOptions }

/** Reads the command line. Throws `invalid` in words; nothing has happened then. */
export function parseCommandLine(given: readonly string[]): Parsed {
  const [command, ...rest] = given
  if (command === undefined || command === '--help' || command === '-h') return { command: 'help', topic: undefined }
  if (command === 'help') return { command: 'help', topic: topicOf(rest[0]) }
  if (command === '--version' || command === '-v' || command === 'version') return { command: 'version' }
  if (helpAsked(command, rest)) return { command: 'help', topic: command }
  switch (command) {
    case 'run':
      return parseRun(rest)
    case 'runs': {
      const { values, positionals } = parse(withDescending(rest), {
        ...COMMON,
        ...STYLES,
        sort: { type: 'string', short: 's' },
        columns: { type: 'string', short: 'c' },
        limit: { type: 'string', short: 'n' },
        archived: { type: 'boolean' },
      })
      return {
        command,
        options: {
          filter: positionals.join(' '),
          ...inProject(values.project),
          ...(values.sort === undefined ? {} : { sort: values.sort }),
          ...(values.columns === undefined ? {} : { columns: values.columns.split(',').map((name) => name.trim()) }),
          limit: values.limit === undefined ? 50 : whole(values.limit, '--limit'),
          archived: values.archived ?? false,
          style: styleOf(values),
        },
      }
    }
    case 'show': {
      const { values, positionals } = parse(rest, { ...COMMON, ...STYLES })
      return {
        command,
        options: { run: one(positionals, 'show RUN'), ...inProject(values.project), style: styleOf(values) },
      }
    }
    case 'metrics': {
      const { values, positionals } = parse(rest, { ...COMMON, ...STYLES })
      const [run, key] = positionals
      if (run === undefined || key === undefined || positionals.length > 2)
        throw appError('invalid', 'Use it as: benchtop metrics RUN KEY')
      return { command, options: { run, key, ...inProject(values.project), style: styleOf(values) } }
    }
    case 'compare': {
      const { values, positionals } = parse(rest, {
        ...COMMON,
        ...STYLES,
        all: { type: 'boolean', short: 'a' },
        diff: { type: 'boolean', short: 'd' },
      })
      if (positionals.length < 2) throw appError('invalid', 'Name two runs or more: benchtop compare RUN RUN...')
      return {
        command,
        options: {
          runs: positionals,
          all: values.all ?? false,
          diff: values.diff ?? false,
          ...inProject(values.project),
          style: styleOf(values),
        },
      }
    }
    case 'models': {
      const { values, positionals } = parse(rest, { ...COMMON, ...STYLES })
      const model = positionals.length === 0 ? null : one(positionals, 'models [NAME]')
      return { command, options: { model, ...inProject(values.project), style: styleOf(values) } }
    }
    case 'export': {
      const { values, positionals } = parse(rest, {
        ...COMMON,
        mlflow: { type: 'string' },
        'no-artifacts': { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        json: { type: 'boolean' },
      })
      if (values.mlflow === undefined || values.mlflow === '')
        throw appError('invalid', 'Name the folder to write: benchtop export --mlflow FOLDER')
      return {
        command,
        options: {
          target: values.mlflow,
          runs: positionals,
          artifacts: values['no-artifacts'] !== true,
          dryRun: values['dry-run'] ?? false,
          json: values.json ?? false,
          ...inProject(values.project),
        },
      }
    }
    case 'import':
      return parseImport(rest)
    case 'stop': {
      const { values, positionals } = parse(rest, COMMON)
      return { command, options: { run: one(positionals, 'stop RUN'), ...inProject(values.project) } }
    }
    case 'restore': {
      const { values, positionals } = parse(rest, COMMON)
      if (positionals.length === 0) throw appError('invalid', 'Use it as: benchtop restore RUN...')
      return { command, options: { runs: positionals, ...inProject(values.project) } }
    }
    case 'open': {
      const { values, positionals } = parse(rest, { ...COMMON, print: { type: 'boolean' } })
      const folder = positionals[0] ?? values.project
      return { command, options: { print: values.print ?? false, ...(folder === undefined ? {} : { folder }) } }
    }
    case 'gc': {
      const { values, positionals } = parse(rest, { ...COMMON, apply: { type: 'boolean' }, json: STYLES.json })
      if (positionals.length > 0) throw appError('invalid', 'Use it as: benchtop gc [--apply]')
      return {
        command,
        options: { apply: values.apply ?? false, json: values.json ?? false, ...inProject(values.project) },
      }
    }
    case 'backend': {
      const { values, positionals } = parse(rest, { ...COMMON, force: { type: 'boolean' } })
      const action = positionals[0] ?? 'status'
      if (action !== 'status' && action !== 'stop') throw appError('invalid', 'Use it as: benchtop backend status|stop')
      return { command, options: { action, force: values.force ?? false } }
    }
    default:
      throw unknownCommand(command)
  }
}

function topicOf(word: string | undefined): string | undefined {
  if (word !== undefined && !hasHelp(word)) throw unknownCommand(word)
  return word
}

function unknownCommand(command: string): Error {
  return appError('invalid', `There is no command ${command}.`, { hint: 'benchtop --help lists them.' })
}

/** `-s -val_acc` as `-s=-val_acc`: a word after it that begins with a dash would be taken for an option. */
function withDescending(words: readonly string[]): readonly string[] {
  const joined: string[] = []
  for (const word of words) {
    const before = joined.at(-1)
    const isColumn = (before === '-s' || before === '--sort') && /^-[^-]/.test(word)
    if (isColumn) joined[joined.length - 1] = `--sort=${word}`
    else joined.push(word)
  }
  return joined
}

function helpAsked(command: string, rest: readonly string[]): boolean {
  const ours = command === 'run' ? rest.slice(0, ownWords(rest)) : rest
  return ours.some((word) => word === '--help' || word === '-h')
}

/** Everything after our own options, or after a `--` that follows them, is the command's own. */
function parseRun(rest: readonly string[]): Parsed {
  const own = ownWords(rest)
  const { values } = parse(rest.slice(0, own), {
    ...COMMON,
    experiment: { type: 'string', short: 'e' },
    name: { type: 'string', short: 'n' },
    detach: { type: 'boolean', short: 'd' },
    'keep-tracking': { type: 'boolean' },
    'log-here': { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
  })
  const command = rest.slice(rest[own] === '--' ? own + 1 : own)
  if (command.length === 0) throw appError('invalid', 'Name the command to run: benchtop run -- python train.py')
  return {
    command: 'run',
    options: {
      command,
      ...inProject(values.project),
      ...(values.experiment === undefined ? {} : { experiment: values.experiment }),
      ...(values.name === undefined ? {} : { name: values.name }),
      detach: values.detach ?? false,
      keepTracking: values['log-here'] === true ? false : (values['keep-tracking'] ?? null),
      quiet: values.quiet ?? false,
    },
  }
}

const WITH_VALUE: ReadonlySet<string> = new Set(['-e', '--experiment', '-n', '--name', '-p', '--project'])

/** How many words of `benchtop run` are our options. */
function ownWords(words: readonly string[]): number {
  let index = 0
  for (;;) {
    const word = words[index]
    if (word === undefined || word === '--' || !word.startsWith('-')) return Math.min(index, words.length)
    index += WITH_VALUE.has(word) ? 2 : 1
  }
}

function styleOf(values: { readonly json?: boolean | undefined; readonly csv?: boolean | undefined }): TableStyle {
  if (values.json === true && values.csv === true) throw appError('invalid', 'Choose --json or --csv.')
  return values.json === true ? 'json' : values.csv === true ? 'csv' : 'table'
}

function whole(text: string, option: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw appError('invalid', `${option} takes a whole number from 1.`)
  return value
}
