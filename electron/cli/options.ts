import { parseArgs } from 'node:util'
import { appError } from '#shared/rpc/app-error.ts'

export const COMMON = { project: { type: 'string', short: 'p' }, help: { type: 'boolean', short: 'h' } } as const
export const STYLES = { json: { type: 'boolean' }, csv: { type: 'boolean' } } as const

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/** Reads options. Throws `invalid` in words for one that there is none of. */
export function parse<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw appError(
      'invalid',
      error instanceof Error ? error.message.replace(/\. To specify a positional.*$/s, '.') : String(error),
      { hint: 'benchtop --help lists the options.' },
    )
  }
}

export function inProject(project: string | undefined): { readonly project?: string } {
  return project === undefined ? {} : { project }
}

/** The only word beside the options. Throws `invalid` with the usage. */
export function one(positionals: readonly string[], usage: string): string {
  const [only] = positionals
  if (only === undefined || positionals.length > 1) throw appError('invalid', `Use it as: benchtop ${usage}`)
  return only
}
