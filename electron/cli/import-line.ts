import { appError } from '#shared/rpc/app-error.ts'
import type { ImportOptions } from './commands/import.ts'
import type { SourcesOptions } from './commands/import-sources.ts'
import { COMMON, inProject, one, parse, STYLES } from './options.ts'

/** What can be done with sources that are known. */
const SOURCE_VERBS = ['list', 'history', 'again', 'follow', 'unfollow', 'forget', 'take-back'] as const
export type SourceVerb = (typeof SOURCE_VERBS)[number]

export type ParsedImport =
  | { readonly command: 'import'; readonly options: ImportOptions }
  | { readonly command: 'sources'; readonly options: SourcesOptions }

const VERB_FLAGS = {
  list: { type: 'boolean', short: 'l' },
  history: { type: 'boolean' },
  again: { type: 'boolean' },
  follow: { type: 'boolean' },
  unfollow: { type: 'boolean' },
  forget: { type: 'boolean' },
  'take-back': { type: 'boolean' },
} as const
const IMPORT_FLAGS = {
  reference: { type: 'boolean' },
  watch: { type: 'boolean', short: 'w' },
  'dry-run': { type: 'boolean', short: 'n' },
  yes: { type: 'boolean', short: 'y' },
} as const

/** `benchtop import ...`: takes a store in, or does something with those that were. Throws `invalid`. */
export function parseImport(rest: readonly string[]): ParsedImport {
  const { values, positionals } = parse(rest, {
    ...COMMON,
    ...IMPORT_FLAGS,
    ...VERB_FLAGS,
    json: STYLES.json,
    'token-env': { type: 'string' },
    artifacts: { type: 'string' },
  })
  const common = {
    ...inProject(values.project),
    ...(values['token-env'] === undefined ? {} : { tokenEnv: values['token-env'] }),
    json: values.json ?? false,
  }
  const [verb, other] = SOURCE_VERBS.filter((name) => values[name] === true)
  if (verb === undefined) {
    const location = one(positionals, 'import PATH|URL')
    return {
      command: 'import',
      options: {
        location,
        reference: values.reference ?? false,
        watch: values.watch ?? false,
        dryRun: values['dry-run'] ?? false,
        yes: values.yes ?? false,
        ...(values.artifacts === undefined ? {} : { filesFolder: values.artifacts }),
        ...common,
      },
    }
  }
  if (other !== undefined) throw appError('invalid', `Choose --${verb} or --${other}.`)
  const stray = (['reference', 'watch', 'dry-run', 'yes', 'artifacts'] as const).find(
    (flag) => values[flag] !== undefined && values[flag] !== false,
  )
  if (stray !== undefined) throw appError('invalid', `--${stray} belongs to a new import, not to --${verb}.`)
  if (values['token-env'] !== undefined && verb !== 'again' && verb !== 'follow')
    throw appError('invalid', `--${verb} needs no token.`)
  return { command: 'sources', options: { verb, source: sourceOf(verb, positionals), ...common } }
}

function sourceOf(verb: SourceVerb, positionals: readonly string[]): string | null {
  if (verb === 'list' || verb === 'history') {
    const most = verb === 'list' ? 0 : 1
    if (positionals.length > most)
      throw appError('invalid', `Use it as: benchtop import --${verb}${most === 0 ? '' : ' [SOURCE]'}`)
    return positionals[0] ?? null
  }
  return one(positionals, `import --${verb} SOURCE`)
}
