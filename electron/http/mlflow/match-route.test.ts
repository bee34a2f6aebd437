import { expect, it } from 'vitest'
import { get, patch, post } from './call.ts'
import { routeTable } from './match-route.ts'
import { routes } from './routes/index.ts'

const nothing = (): undefined => undefined
const find = routeTable([
  get('runs/get', nothing),
  post('runs/get', nothing),
  get('models/:id', nothing),
  patch('models/:id/tags/:key', nothing),
])

it('finds a route by its method and path, with what stands in the path', () => {
  const found = (method: string, path: string): unknown => {
    const matched = find(method, path)
    return matched && [matched.route.method, matched.route.path, matched.parameters]
  }
  expect([
    found('GET', 'runs/get'),
    found('POST', 'runs/get'),
    found('GET', 'models/m-1'),
    found('GET', 'models/a%20b%2Fc'),
    found('PATCH', 'models/m-1/tags/__proto__'),
  ]).toEqual([
    ['GET', 'runs/get', {}],
    ['POST', 'runs/get', {}],
    ['GET', 'models/:id', { id: 'm-1' }],
    ['GET', 'models/:id', { id: 'a b/c' }],
    ['PATCH', 'models/:id/tags/:key', { id: 'm-1', key: '__proto__' }],
  ])
})

it('finds none for another method, another length, an empty part or a damaged one', () => {
  const paths = [
    ['DELETE', 'runs/get'],
    ['get', 'runs/get'],
    ['GET', 'runs/get/'],
    ['GET', 'runs'],
    ['GET', 'models/'],
    ['GET', 'models/a/b'],
    ['GET', 'models/%ff'],
    ['GET', ''],
    ['GET', '__proto__'],
  ] as const
  expect(paths.filter(([method, path]) => find(method, path) !== undefined)).toEqual([])
})

it('has no two routes of one method and path', () => {
  const names = routes.map(({ method, path }) => `${method} ${path.replace(/:[^/]+/g, ':')}`)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
