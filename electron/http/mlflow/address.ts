/** Where a client's request belongs: `/p/<project>` or `/l/<launch>` before the path, or neither. */
export type ClientAddress = {
  readonly scope:
    | { readonly kind: 'root' }
    | { readonly kind: 'project'; readonly id: string }
    | { readonly kind: 'launch'; readonly id: string }
  readonly path: string
}

/** Splits a path. The real client keeps the prefix of its tracking address on every call, REST and artifact. */
export function clientAddress(path: string): ClientAddress {
  const match = /^\/([pl])\/([a-zA-Z0-9-]{1,80})(\/.*)$/.exec(path)
  if (match === null) return { scope: { kind: 'root' }, path }
  return { scope: { kind: match[1] === 'p' ? 'project' : 'launch', id: match[2] ?? '' }, path: match[3] ?? '/' }
}

const CLIENT = /^\/(?:(?:ajax-)?api\/|get-artifact$|version$|health$|v1\/traces$|model-versions\/|graphql$)/

/** True for paths that a client asks for, rather than a person with a browser. */
export function isClientPath(path: string): boolean {
  return CLIENT.test(clientAddress(path).path)
}
