/** A server's address without secrets, and what is sent to it to be let in. */
export type ServerAddress = {
  /** `http://host:5000/prefix`, without a slash at its end. */
  readonly base: string
  /** The header's value; null where nothing was given. Never shown, never stored. */
  readonly authorization: string | null
}

/** True for an address that a tracking server may have. */
export function looksLikeServer(location: string): Promise<boolean> {
  return Promise.resolve(/^https?:\/\//i.test(location) && URL.canParse(location))
}

/**
 * Takes an address apart: `https://ann:secret@host/mlflow/#/experiments/1` is the server at `https://host/mlflow`, asked as `ann`.
 *
 * @param token Sent as a bearer token, or as it is when it begins with `Basic `. It wins over a name and password in the address.
 */
export function readServerAddress(location: string, token?: string): ServerAddress {
  const url = new URL(location)
  const { username, password } = url
  const basic =
    username === '' ? null : `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`
  const given = token === undefined || token === '' ? null : token.startsWith('Basic ') ? token : `Bearer ${token}`
  const path = url.pathname.replace(/\/+(ajax-)?api(\/.*)?$/, '').replace(/\/+$/, '')
  return { base: url.origin + path, authorization: given ?? basic }
}

/**
 * Whether a server may send us on there: within itself, and from plain HTTP to TLS of the same name. Any other place could be one that only this machine
 * reaches, and was not what the person asked for.
 */
export function mayLeadTo(from: URL, to: URL): boolean {
  const isUpgrade = from.protocol === 'http:' && to.protocol === 'https:' && from.port === '' && to.port === ''
  return from.origin === to.origin || (isUpgrade && from.hostname === to.hostname)
}

/** An address as it may be kept, and the secret that stood in it in the form of a token; both as given where there is none in it. */
export function withoutSecret(
  location: string,
  token?: string,
): { readonly location: string; readonly token?: string } {
  const kept = token === undefined ? {} : { token }
  if (!/^https?:\/\/[^/?#]*@/i.test(location) || !URL.canParse(location)) return { location, ...kept }
  const { authorization } = readServerAddress(location)
  const url = new URL(location)
  url.username = ''
  url.password = ''
  const bare = location.endsWith('/') ? url.href : url.href.replace(/\/$/, '')
  return { location: bare, ...(authorization === null ? {} : { token: authorization }), ...kept }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
