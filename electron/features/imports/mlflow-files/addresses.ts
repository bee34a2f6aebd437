/** Where a record says that files lie. `path`: with `/`, of the machine that logged; `proxied`: below its server's artifact folder. */
export type Address =
  | { readonly at: 'path'; readonly path: string }
  | { readonly at: 'proxied'; readonly path: string }
  | { readonly at: 'elsewhere' }

/**
 * Reads an artifact address of any of MLflow's ages: `/a/b`, `a/b`, `file:///a/b`, `file:///C:/a/b`, `file:C:\a\b/c`, `C:\a\b`, `mlflow-artifacts:/a/b`,
 * `mlflow-artifacts://host:5000/a/b`, and those of stores of their own, such as `s3://bucket/a`.
 */
export function readAddress(address: string): Address {
  const drive = /^[A-Za-z]:[\\/]/
  if (drive.test(address)) return { at: 'path', path: slashed(address) }
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(address) ?? []
  if (scheme === undefined || rest === undefined) return { at: 'path', path: slashed(address) }
  if (/^mlflow-artifacts$/i.test(scheme)) {
    return { at: 'proxied', path: decoded(rest.replace(/^\/\/[^/]*/, '')).replace(/^\/+/, '') }
  }
  if (!/^file$/i.test(scheme)) return { at: 'elsewhere' }
  const path = slashed(decoded(rest)).replace(/^\/\/(localhost)?(?=\/)/, '')
  return { at: 'path', path: drive.test(path.slice(1)) ? path.slice(1) : path }
}

function slashed(path: string): string {
  return /^[A-Za-z]:|\\/.test(path) ? path.replaceAll('\\', '/') : path
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that means itself.
    return text
  }
}
