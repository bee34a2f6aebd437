/** Where a person is, as data. The address bar's fragment holds it, so every place can be linked, left and returned to. */
export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: 'runs'; readonly project: string; readonly filter?: string }
  | { readonly screen: 'run'; readonly project: string; readonly run: string; readonly tab?: string }
  | { readonly screen: 'compare'; readonly project: string; readonly runs: readonly string[] }
  | { readonly screen: 'models'; readonly project: string; readonly find?: string }
  /** Without a version the newest is shown. */
  | { readonly screen: 'model'; readonly project: string; readonly name: string; readonly version?: number }
  | { readonly screen: 'jobs'; readonly project: string }
  /** `from` is a place to look at at once. */
  | { readonly screen: 'import'; readonly project: string; readonly from?: string }
  | { readonly screen: 'settings'; readonly project?: string }
  | { readonly screen: 'help'; readonly project?: string }
  /** A link that an MLflow client printed: the run is looked for by its id alone. */
  | { readonly screen: 'link'; readonly run: string }

/** `#/p/churn-3f2a/runs?filter=lr%3D0.1` and so on. */
export function printRoute(route: Route): string {
  switch (route.screen) {
    case 'home':
      return '#/'
    case 'runs':
      return `#/p/${route.project}/runs${query({ filter: route.filter })}`
    case 'run':
      return `#/p/${route.project}/runs/${encodeURIComponent(route.run)}${query({ tab: route.tab })}`
    case 'compare':
      return `#/p/${route.project}/compare${query({ runs: route.runs.join(',') })}`
    case 'models':
      return `#/p/${route.project}/models${query({ find: route.find })}`
    case 'model':
      return `#/p/${route.project}/models/${encodeURIComponent(route.name)}${query({ version: route.version?.toString() })}`
    case 'jobs':
      return `#/p/${route.project}/jobs`
    case 'import':
      return `#/p/${route.project}/import${query({ from: route.from })}`
    case 'settings':
    case 'help':
      return route.project === undefined ? `#/${route.screen}` : `#/p/${route.project}/${route.screen}`
    case 'link':
      return `#/experiments/0/runs/${encodeURIComponent(route.run)}`
  }
}

/**
 * The route of a fragment; anything unknown is home. `pathname` is the page's own: the links that an MLflow client prints begin with the project's
 * tracking address (`/p/churn-3f2a/#/experiments/...`), and that of an experiment leads to the project.
 */
export function parseRoute(fragment: string, pathname = '/'): Route {
  const [path = '', search = ''] = fragment.replace(/^#/, '').split('?', 2)
  const parameters = new URLSearchParams(search)
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode)
  const [first, project = '', place, id] = parts
  if (first === 'experiments') {
    if (place === 'runs' && id !== undefined) return { screen: 'link', run: id }
    const [, address] = /^\/p\/([a-z0-9][a-z0-9-]{0,79})\/?$/.exec(pathname) ?? []
    return address === undefined ? { screen: 'home' } : { screen: 'runs', project: address }
  }
  if (first === 'settings' || first === 'help') return { screen: first }
  if (first !== 'p' || !/^[a-z0-9][a-z0-9-]{0,79}$/.test(project)) return { screen: 'home' }
  switch (place) {
    case 'runs': {
      if (id !== undefined) return { screen: 'run', project, run: id, ...optional('tab', parameters) }
      return { screen: 'runs', project, ...optional('filter', parameters) }
    }
    case 'compare':
      return { screen: 'compare', project, runs: (parameters.get('runs') ?? '').split(',').filter((run) => run !== '') }
    case 'models': {
      if (id === undefined) return { screen: 'models', project, ...optional('find', parameters) }
      const version = Number(parameters.get('version'))
      return {
        screen: 'model',
        project,
        name: id,
        ...(Number.isSafeInteger(version) && version > 0 ? { version } : {}),
      }
    }
    case 'import':
      return { screen: 'import', project, ...optional('from', parameters) }
    case 'jobs':
    case 'settings':
    case 'help':
      return { screen: place, project }
    default:
      return { screen: 'runs', project }
  }
}

/** Goes to a route; the browser's Back comes back. `replace` leaves no step behind: for what changes with every letter. */
export function navigate(route: Route, options: { readonly replace?: boolean } = {}): void {
  const fragment = printRoute(route)
  if (options.replace === true) {
    history.replaceState(history.state, '', fragment)
    window.dispatchEvent(new HashChangeEvent('hashchange'))
  } else location.hash = fragment
}

function query(fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${encodeURIComponent(value)}`],
  )
  return given.length === 0 ? '' : `?${given.join('&')}`
}

function optional<const Name extends string>(
  name: Name,
  parameters: URLSearchParams,
): { readonly [Key in Name]?: string } {
  const value = parameters.get(name)
  return (value === null ? {} : { [name]: value }) as { readonly [Key in Name]?: string }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
