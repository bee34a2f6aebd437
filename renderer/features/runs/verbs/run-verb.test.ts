import { expect, it, vi } from 'vitest'
import { type RunVerb, verbCommands, verbEntries, type VerbTarget } from './run-verb.ts'

const run = vi.fn()
const verbs: readonly RunVerb[] = [
  {
    id: 'remove',
    label: 'Move to trash',
    icon: 'trash',
    dangerous: true,
    fits: ({ lifecycle }) => lifecycle !== 'deleted',
    run,
  },
  { id: 'compare', label: 'Compare', icon: 'compare', keys: 'c', fits: ({ runs }) => runs.length > 1, run },
]
const target = (runs: readonly string[], lifecycle: VerbTarget['lifecycle'] = 'active'): VerbTarget => ({
  runs,
  lifecycle,
})

it('a menu holds the verbs that fit, the dangerous ones under a rule', () => {
  const ids = (given: VerbTarget): readonly string[] => verbEntries(verbs, given).map(({ id }) => id)
  expect([ids(target(['a', 'b'])), ids(target(['a'])), ids(target(['a', 'b'], 'deleted')), ids(target([]))]).toEqual([
    ['compare', 'danger', 'remove'],
    ['remove'],
    ['compare'],
    [],
  ])
})

it('a command is done to what is meant when it runs', () => {
  const meant: VerbTarget[] = []
  const [, compare] = verbCommands(verbs, 'Runs', () => meant[0])
  const context = undefined as never
  expect([compare?.id, compare?.keys, compare?.when?.(context)]).toEqual(['runs.compare', 'c', false])
  meant.push(target(['a', 'b']))
  expect(compare?.when?.(context)).toBe(true)
  void compare?.run(context)
  expect(run).toHaveBeenCalledExactlyOnceWith(meant[0])
})
