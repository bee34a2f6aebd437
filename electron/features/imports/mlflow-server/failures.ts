import { AppError, appError } from '#shared/rpc/errors.ts'

/** What went wrong between here and a server, and whether asking again may help. */
export type Failure = { readonly error: AppError; readonly passing: boolean }

const UNTRUSTED = /^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_UNTRUSTED|CERT_SIGNATURE|INVALID_CA)/

/** A connection's failure in words; undefined for anything else. */
export function connectionFailure(error: unknown, host: string): Failure | undefined {
  const code = error instanceof AppError ? undefined : codeOf(error)
  if (code === undefined) return undefined
  const lasting = (message: string, hint?: string): Failure => ({
    error: appError('unavailable', message, { cause: error, ...(hint === undefined ? {} : { hint }) }),
    passing: false,
  })
  if (code === 'ENOTFOUND') return lasting(`There is no server called ${host}.`)
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return lasting(
      `The certificate of ${host} is not valid at this time.`,
      'Look whether this machine’s clock is right.',
    )
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return lasting(`The certificate of ${host} is another server’s.`)
  if (UNTRUSTED.test(code)) {
    const hint = 'Start Benchtop with NODE_EXTRA_CA_CERTS=<file> when it is your organisation’s own.'
    return lasting(`The certificate of ${host} is not one that this machine trusts.`, hint)
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return lasting(`${host} does not speak TLS as expected.`, 'Perhaps its address begins with http://.')
  }
  const message =
    code === 'ECONNREFUSED' ? `Nothing answers at ${host}.` : `The connection to ${host} was lost (${code}).`
  return { error: appError('unavailable', message, { cause: error, retry: true }), passing: true }
}

/** `fetch` says `fetch failed`, and why in its cause. */
function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const { code } = at as NodeJS.ErrnoException
    if (at.name === 'TimeoutError') return 'no answer in time'
    if (typeof code === 'string') return code
    // Of a name with several addresses, the first failure stands for all.
    if (at instanceof AggregateError) return codeOf(at.errors[0])
  }
  return error instanceof TypeError ? 'broken off' : undefined
}

/** A refusal to let us in, in words; undefined for other answers. */
export function refusal(status: number, host: string, hasSecret: boolean): AppError | undefined {
  if (status === 401 || status === 407) {
    const what = hasSecret ? `${host} does not take the token or password that was given.` : `${host} wants a token.`
    const hint = 'Give a token, or a name and password in the address: http://name:password@host.'
    return appError('unauthorized', what, { hint, field: 'token' })
  }
  if (status === 403) {
    return appError('forbidden', `${host} does not let ${hasSecret ? 'this user' : 'others'} read its runs.`, {
      field: 'token',
    })
  }
  return undefined
}
