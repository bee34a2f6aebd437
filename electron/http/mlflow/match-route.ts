import type { Route } from './call.ts'

export type Matched = { readonly route: Route; readonly parameters: Readonly<Record<string, string>> }
export type RouteTable = (method: string, path: string) => Matched | undefined

/** A look-up of routes: those without parameters by one hash, the few others in turn. */
export function routeTable(routes: readonly Route[]): RouteTable {
  const fixed = new Map<string, Route>()
  const open: { readonly route: Route; readonly segments: readonly string[] }[] = []
  for (const route of routes) {
    if (route.path.includes(':')) open.push({ route, segments: route.path.split('/') })
    else fixed.set(`${route.method} ${route.path}`, route)
  }
  return (method, path) => {
    const route = fixed.get(`${method} ${path}`)
    if (route !== undefined) return { route, parameters: {} }
    const given = path.split('/')
    for (const { route: candidate, segments } of open) {
      if (candidate.method !== method || segments.length !== given.length) continue
      const parameters: Record<string, string> = {}
      const matches = segments.every((segment, index) => {
        const value = given[index] ?? ''
        if (!segment.startsWith(':')) return segment === value
        if (value === '') return false
        try {
          parameters[segment.slice(1)] = decodeURIComponent(value)
        } catch {
          return false
        }
        return true
      })
      if (matches) return { route: candidate, parameters }
    }
    return undefined
  }
}
