/** What an address hands to the page in its fragment, which no server sees and no log keeps. */
export type PageGreeting = { readonly token?: string; readonly project?: string }

/** `http://127.0.0.1:5080/#token=3f…&project=churn-3f2a`: the page's address with what it needs to begin. */
export function pageAddress(base: string, greeting: PageGreeting): string {
  const given = Object.entries(greeting).filter(([, value]) => value !== '')
  const fragment = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return `${base.replace(/\/+$/, '')}/${fragment === '' ? '' : `#${fragment}`}`
}

/** Reads such a fragment (with or without its `#`). Undefined when it is a route of the page's own. */
export function readPageGreeting(fragment: string): PageGreeting | undefined {
  const pairs = new Map<string, string>()
  for (const part of fragment.replace(/^#/, '').split('&')) {
    const match = /^(token|project)=(.*)$/.exec(part)
    if (match === null) return undefined
    try {
      pairs.set(match[1] ?? '', decodeURIComponent(match[2] ?? ''))
    } catch {
      return undefined
    }
  }
  const token = pairs.get('token')
  const project = pairs.get('project')
  return { ...(token === undefined ? {} : { token }), ...(project === undefined ? {} : { project }) }
}
