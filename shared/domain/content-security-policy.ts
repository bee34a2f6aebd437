/**
 * The page's policy, in one place for the browser and the desktop. Nothing from elsewhere, no inline script, no eval.
 * Monaco and the charts set inline styles. Artifacts are shown from `blob:` (images, media) and in frames whose content is
 * sandboxed. `connect` names the backend where the page has another origin than it (the desktop's `app://`).
 */
export function contentSecurityPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `connect-src 'self'${connect.map((origin) => ` ${origin}`).join('')}`,
    "style-src 'self' 'unsafe-inline'",
    "worker-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "frame-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
