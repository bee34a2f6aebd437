import { secretMarker } from './marker.ts'

/** A secret that is known by its own form, wherever it stands. */
interface SecretPattern {
  readonly kind: string
  /** Global; begins where the secret's alphabet begins, so that a long run is tried once and the time stays linear. */
  readonly pattern: RegExp
  /** Turns down what only looks like one. */
  readonly accepts?: (match: string) => boolean
}

/** Words have no digits and no mixed case: `sk-learn-contrib-extensions` is a package. */
function looksRandom(match: string): boolean {
  return /\d/.test(match) && /[A-Za-z]/.test(match)
}

const PATTERNS: readonly SecretPattern[] = [
  {
    kind: 'aws key',
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  },
  { kind: 'github token', pattern: /(?<![A-Za-z0-9_])gh[pousr]_[A-Za-z0-9]{30,255}/g },
  { kind: 'github token', pattern: /(?<![A-Za-z0-9_])github_pat_[A-Za-z0-9_]{20,255}/g },
  { kind: 'gitlab token', pattern: /(?<![A-Za-z0-9_-])gl(?:pat|ptt|dt|rt|cbt|oas)-[A-Za-z0-9_.-]{20,300}/g },
  {
    kind: 'hugging face token',
    pattern: /(?<![A-Za-z0-9_])(?:hf|api_org)_[A-Za-z0-9]{30,100}/g,
    accepts: hasMixedCase,
  },
  { kind: 'api key', pattern: /(?<![A-Za-z0-9_-])sk-[A-Za-z0-9_-]{20,300}/g, accepts: looksRandom },
  { kind: 'api key', pattern: /(?<![A-Za-z0-9_])(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,250}/g },
  { kind: 'slack token', pattern: /(?<![A-Za-z0-9_-])xox[abeoprs]-[A-Za-z0-9-]{10,300}/g, accepts: looksRandom },
  { kind: 'slack webhook', pattern: /(?<=hooks\.slack\.com\/services\/)[A-Za-z0-9_/]{20,200}/g },
  { kind: 'google key', pattern: /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35,60}/g },
  { kind: 'google token', pattern: /(?<![A-Za-z0-9_.-])ya29\.[A-Za-z0-9_-]{20,500}/g },
  { kind: 'google secret', pattern: /(?<![A-Za-z0-9_-])GOCSPX-[A-Za-z0-9_-]{20,60}/g },
  { kind: 'jwt', pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{0,2000}/g },
  { kind: 'api token', pattern: /(?<![A-Za-z0-9_-])eyJhcGlf[A-Za-z0-9_=-]{30,2000}/g },
  { kind: 'npm token', pattern: /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g },
  { kind: 'pypi token', pattern: /(?<![A-Za-z0-9_-])pypi-[A-Za-z0-9_-]{40,500}/g },
  { kind: 'docker token', pattern: /(?<![A-Za-z0-9_-])dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,100}/g },
  { kind: 'databricks token', pattern: /(?<![A-Za-z0-9])dapi[0-9a-f]{32}(?:-\d)?(?![A-Za-z0-9])/g },
  { kind: 'sendgrid key', pattern: /(?<![A-Za-z0-9_.-])SG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{30,80}/g },
  { kind: 'replicate token', pattern: /(?<![A-Za-z0-9_])r8_[A-Za-z0-9]{30,60}/g },
  { kind: 'digitalocean token', pattern: /(?<![A-Za-z0-9_])do[por]_v1_[0-9a-f]{64}/g },
  { kind: 'bot token', pattern: /(?<![A-Za-z0-9_-])\d{8,10}:AA[A-Za-z0-9_-]{32,36}(?![A-Za-z0-9_-])/g },
  { kind: 'w&b key', pattern: /(?<=wandb login (?:--relogin )?)[0-9a-f]{40}(?![0-9a-f])/g },
  { kind: 'azure key', pattern: /(?<=(?:AccountKey|SharedAccessKey)=)[A-Za-z0-9+/]{40,100}={0,2}/g },
  // Written escaped into one line, as the key of a service account is in JSON.
  {
    kind: 'private key',
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^-\n]{1,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g,
  },
]

function hasMixedCase(match: string): boolean {
  return /[A-Z]/.test(match) || /\d/.test(match)
}

const PASSWORD_IN_URL = /(:\/\/[^\s/@:"'`<>]{0,256}):(?!\d{1,5}(?:[/\s"'?#]|$))([^\s"'`<>]{1,256})@(?=[^\s@]{1,256})/g
const TOKEN_AS_USER = /(:\/\/)([A-Za-z0-9_.~%-]{20,256})@/g
const QUERY =
  /([?&;](?:[a-z0-9_.-]{0,40}(?:token|secret|password|passwd|signature|api[_-]?key|access[_-]?key)|sig|key|auth|credential|x-amz-credential)=)([^&\s"'`<>#;‹]{6,2048})/gi
const AUTHORIZATION = /(\b(?:bearer|basic)[ \t]{1,4})([A-Za-z0-9+/_.~=-]{8,4096})/gi

/** Masks the secrets of a line that are known by their own form. Linear in the line. */
export function maskPatterns(line: string): string {
  let masked = line
  for (const { kind, pattern, accepts } of PATTERNS) {
    masked = masked.replace(pattern, (match) => (accepts === undefined || accepts(match) ? secretMarker(kind) : match))
  }
  if (masked.includes('://')) {
    masked = masked
      .replace(PASSWORD_IN_URL, (_, before: string) => `${before}:${secretMarker('password')}@`)
      .replace(TOKEN_AS_USER, (match, before: string, user: string) =>
        looksRandom(user) ? `${before}${secretMarker('token')}@` : match,
      )
  }
  return masked
    .replace(QUERY, (match, before: string, value: string) =>
      looksRandom(value) || /pass|secret/i.test(before) ? before + secretMarker('token') : match,
    )
    .replace(AUTHORIZATION, (match, before: string, value: string) =>
      looksRandom(value) ? before + secretMarker('token') : match,
    )
}
