import { protocol, type Session } from 'electron'
import { contentSecurityPolicy } from '#shared/domain/content-security-policy.ts'
import { pageFile } from '#electron/http/page.ts'

const SCHEME = 'app'
const HOST = 'bundle'
/** The page's address; its routes live in the fragment. */
export const PAGE = `${SCHEME}://${HOST}/`

/** Before `ready`: makes `app:` a scheme with an origin of its own, so that workers and storage work as on the web. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

const refuse = (status: number): Response => new Response(null, { status })

/** True for addresses of the page itself. */
export function isPageAddress(address: string): boolean {
  try {
    const { protocol: scheme, host } = new URL(address)
    return scheme === `${SCHEME}:` && host === HOST
  } catch {
    return false
  }
}

/**
 * Serves the built page: GET only, never outside its folder, each answer with the policy. `reachable` resolves with the one origin
 * besides its own that the page may talk to: the backend's.
 */
export function serveApp(session: Session, folder: string, reachable: () => Promise<readonly string[]>): void {
  session.protocol.handle(SCHEME, async ({ method, url }) => {
    if (method !== 'GET') return refuse(405)
    if (!isPageAddress(url)) return refuse(404)
    const file = pageFile(folder, new URL(url).pathname)
    if (file === undefined) return refuse(404)
    const isDocument = file.headers['content-type']?.startsWith('text/html') === true
    const policy = contentSecurityPolicy(isDocument ? await reachable() : [])
    return new Response(new Uint8Array(file.body), {
      status: file.status,
      headers: { ...file.headers, 'content-security-policy': policy },
    })
  })
}
