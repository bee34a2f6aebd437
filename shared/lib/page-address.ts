/** What an address hands to the page in its fragment, which no server sees and no log keeps. */
export type PageGreeting = { readonly token?: string; readonly ticket?: string; readonly project?: string }

/** `http://127.0.0.1:5080/#token=3f…&/p/churn-3f2a`: the page's address, with the key that it needs (the token, or a ticket for it) and the route where it begins. */
export function pageAddress(base: string, { token, ticket, project }: PageGreeting): string {
  const parts = [
    ...(token === undefined ? [] : [`token=${token}`]),
    ...(ticket === undefined ? [] : [`ticket=${ticket}`]),
    ...(project === undefined ? [] : [`/p/${encodeURIComponent(project)}`]),
  ]
  return `${base.replace(/\/+$/, '')}/${parts.length === 0 ? '' : `#${parts.join('&')}`}`
}
