import { appError } from '#shared/rpc/errors.ts'
import type { Pair } from '../records.ts'
import { STAGES, type Stage } from './records.ts'

/** Names are parts of addresses (`models:/<name>/<version>`) and may become folders. Throws `invalid`, in MLflow's words. */
export function checkModelName(name: string, field = 'name'): void {
  if (name.trim() === '') throw appError('invalid', `Missing value for required parameter '${field}'.`, { field })
  if (/[/:]/.test(name))
    throw appError('invalid', `Invalid model name '${name}'. Names cannot contain '/' or ':'.`, { field })
  if (name.startsWith('..') || name === '.')
    throw appError(
      'invalid',
      `Invalid value "${name}" for parameter 'name' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${name}'`,
      { field },
    )
}

const MOST_ALIAS = 255

/** An alias that can be given; the reserved ones name versions by themselves. Throws `invalid`. */
export function checkNewAlias(alias: string): void {
  checkAlias(alias)
  const field = 'alias'
  if (alias.toLowerCase() === LATEST)
    throw appError('invalid', "'latest' alias name (case insensitive) is reserved.", { field })
  if (/^v\d+$/i.test(alias)) throw appError('invalid', `Version alias name '${alias}' is reserved.`, { field })
}

export function checkAlias(alias: string): void {
  const field = 'alias'
  if (alias === '') throw appError('invalid', 'Registered model alias name cannot be empty.', { field })
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias))
    throw appError(
      'invalid',
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
      { field },
    )
  if (alias.length > MOST_ALIAS)
    throw appError('invalid', `'Registered model alias name' exceeds the maximum length of ${MOST_ALIAS} characters`, {
      field,
    })
}

/** The alias that always names the newest version. */
export const LATEST = 'latest'

/** A stage in any case. Throws `invalid`. */
export function stageOf(word: string): Stage {
  const stage = STAGES.find((known) => known === word.toLowerCase())
  if (stage === undefined)
    throw appError(
      'invalid',
      `Invalid Model Version stage: ${word}. Value must be one of None, Staging, Production, Archived.`,
      { field: 'stage' },
    )
  return stage
}

export type Tagged = { readonly tags: readonly Pair[] }

/** The tag by which MLflow's clients tell prompts from models: both are registered models. */
export const IS_PROMPT = 'mlflow.prompt.is_prompt'

/** True for what holds a prompt rather than a model. */
export function isPrompt(item: Tagged | undefined): boolean {
  return item?.tags.some(({ key, value }) => key === IS_PROMPT && value.toLowerCase() === 'true') === true
}
