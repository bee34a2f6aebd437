import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseRoute, printRoute, type Route } from './routes.ts'

const project = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/)
const run = fc.stringMatching(/^[a-zA-Z0-9][\w-]{0,31}$/)
const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value.isWellFormed())
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.constant<Route>({ screen: 'home' }),
  fc.record({ screen: fc.constant('runs' as const), project, filter: text }),
  fc.record({ screen: fc.constant('run' as const), project, run, tab: text }),
  fc.record({ screen: fc.constant('compare' as const), project, runs: fc.array(run, { maxLength: 5 }) }),
  fc.record({ screen: fc.constantFrom('jobs' as const, 'settings' as const, 'help' as const), project }),
  fc.record({ screen: fc.constant('models' as const), project, find: text }),
  fc.record({ screen: fc.constant('model' as const), project, name: text, version: fc.integer({ min: 1 }) }),
  fc.record({ screen: fc.constant('link' as const), run }),
)

it('every route survives the address bar', () => {
  fc.assert(
    fc.property(route, (given) => {
      expect(parseRoute(printRoute(given))).toEqual(given)
    }),
  )
})

it('no fragment throws', () => {
  fc.assert(fc.property(fc.string(), (fragment) => void parseRoute(fragment)))
  expect(parseRoute('#/p/../etc')).toEqual({ screen: 'home' })
})

it('an MLflow client’s link to an experiment leads to the project of its address', () => {
  expect(parseRoute('#/experiments/12', '/p/churn-3f2a/')).toEqual({ screen: 'runs', project: 'churn-3f2a' })
  expect(parseRoute('#/experiments/12', '/')).toEqual({ screen: 'home' })
  expect(parseRoute('#/experiments/12/runs/ab', '/p/churn-3f2a/')).toEqual({ screen: 'link', run: 'ab' })
})
