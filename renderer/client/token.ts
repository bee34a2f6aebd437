/**
 * The token that the contract needs. It comes once in the fragment (`#token=<hex>&/p/churn/runs`), which browsers send to no one,
 * is kept for this origin, and is taken out of the address at once.
 */
const KEY = 'benchtop.token'

/** Splits a fragment into its token and the route that follows. */
export function splitFragment(fragment: string): { readonly token: string | null; readonly route: string } {
  const match = /^#?token=([0-9a-f]{64})(?:&(.*))?$/s.exec(fragment)
  if (match === null) return { token: null, route: fragment.replace(/^#/, '') }
  return { token: match[1] ?? null, route: match[2] ?? '' }
}

/** Takes the token out of the address, or from where it was kept; null when this browser was never given one. */
export function takeToken(): string | null {
  const { token, route } = splitFragment(location.hash)
  if (token === null) return localStorage.getItem(KEY)
  localStorage.setItem(KEY, token)
  history.replaceState(null, '', `${location.pathname}${location.search}#${route}`)
  return token
}

/** Forgets a token that the backend refused. */
export function dropToken(): void {
  localStorage.removeItem(KEY)
}
