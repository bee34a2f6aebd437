import type { RegisteredModelRow } from '#shared/contract/models.ts'
import { appError } from '#shared/rpc/app-error.ts'

export type NamedModel = { readonly name: string; readonly version: number | null }

type Known = Pick<RegisteredModelRow, 'name' | 'aliases' | 'newest'>

/**
 * The registered model that a person means, or one version of it: `churn`, `churn/3`, `churn@champion`, `churn/latest`, each with or without the `models:/` that a
 * script writes. Throws `not_found`, with what there is.
 */
export function modelIn(models: readonly Known[], given: string): NamedModel {
  const text = given.replace(/^models:\/+/, '')
  // A name may hold an @, but no slash.
  const whole = models.find(({ name }) => name === text)
  if (whole !== undefined) return { name: whole.name, version: null }
  const [, before = '', sign, after = ''] = /^(.+)([/@])([^/]+)$/s.exec(text) ?? []
  const model = models.find(({ name }) => name === before)
  if (model === undefined) throw unknown(models, before === '' ? text : before)
  if (sign === '/' && /^\d{1,15}$/.test(after)) return { name: model.name, version: Number(after) }
  const alias = model.aliases.find((one) => one.alias === after)
  if (sign === '@' && alias !== undefined) return { name: model.name, version: alias.version }
  if (after === 'latest' && model.newest !== null) return { name: model.name, version: model.newest.version }
  if (sign === '/') throw appError('not_found', `${after} is no version's number.`, { hint: 'Write it as NAME/3.' })
  const there = model.aliases.map((one) => one.alias)
  throw appError('not_found', `${model.name} has no alias ${after}.`, {
    hint: there.length === 0 ? 'It has none.' : `It has ${there.join(', ')}.`,
  })
}

/** Names that are told where none fits. */
const TOLD = 12

function unknown(models: readonly Known[], name: string): Error {
  const near = models.filter((model) => model.name.toLowerCase().includes(name.toLowerCase()))
  const told = (near.length > 0 ? near : models).slice(0, TOLD).map((model) => model.name)
  return appError('not_found', `There is no registered model ${name}.`, {
    hint:
      told.length === 0
        ? 'None is registered here yet.'
        : `There ${told.length === 1 ? 'is' : 'are'} ${told.join(', ')}.`,
  })
}
