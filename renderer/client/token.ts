/**
 * The token that the contract needs. It comes once in the fragment (`#token=<hex>&/p/churn/runs`), which browsers send to no one, or a ticket for
 * it does; it is kept for this origin, and the key is taken out of the address at once.
 */
const KEY = 'benchtop.token'
const TOKEN = /^[0-9a-f]{64}$/

export type Fragment = { readonly token: string | null; readonly ticket: string | null; readonly route: string }

/** Splits a fragment into its key and the route that follows. */
export function splitFragment(fragment: string): Fragment {
  const match = /^#?(?:token=([0-9a-f]{64})|ticket=([0-9a-f]{32}))(?:&(.*))?$/s.exec(fragment)
  if (match === null) return { token: null, ticket: null, route: fragment.replace(/^#/, '') }
  return { token: match[1] ?? null, ticket: match[2] ?? null, route: match[3] ?? '' }
}

/** Takes the token out of the address, or for the ticket there, or from where it was kept; null when this browser was never given one. */
export async function takeToken(): Promise<string | null> {
  const { token, ticket, route } = splitFragment(location.hash)
  if (token === null && ticket === null) return localStorage.getItem(KEY)
  history.replaceState(null, '', `${location.pathname}${location.search}#${route}`)
  const given = token ?? (ticket === null ? null : await tokenFor(ticket))
  // A ticket that was used before: a page that is opened again from its history.
  if (given === null) return localStorage.getItem(KEY)
  localStorage.setItem(KEY, given)
  return given
}

async function tokenFor(ticket: string): Promise<string | null> {
  try {
    const response = await fetch('/ticket', { method: 'POST', body: ticket })
    const { token } = (await response.json()) as { readonly token?: unknown }
    return typeof token === 'string' && TOKEN.test(token) ? token : null
  } catch {
    return null
  }
}

/** Forgets a token that the backend refused. */
export function dropToken(): void {
  localStorage.removeItem(KEY)
}
