/**
 * How surely a name's value is a secret: `password` (whatever it is), `key` (unless it is a path or code), `token` (only
 * if it looks random, because tokens are also what language models read).
 */
export type SecretNameKind = 'password' | 'key' | 'token'

const PASSWORDS: ReadonlySet<string> = new Set(['password', 'passwd', 'passphrase', 'pwd', 'passwort'])
const KEYS: ReadonlySet<string> = new Set([
  'secret',
  'secrets',
  'credential',
  'credentials',
  'apikey',
  'secretkey',
  'accesskey',
])
const BEFORE_KEY: ReadonlySet<string> = new Set([
  ...['api', 'access', 'private', 'secret', 'auth', 'account', 'signing', 'encryption', 'master', 'service', 'ssh'],
])

/** Words that make a token one of text: `pad_token`, `max_tokens`, `token_type`. */
const OF_TEXT: ReadonlySet<string> = new Set(
  `eos bos pad unk sep cls mask special num max min per next image start end stop first last n vocab text type types id ids
  len length limit size budget embedding embed embeddings count dim drop dropout merge pool mixing shift level wise
  classification new additional prompt completion input output total mean avg weight position`.split(/\s+/),
)

/** What kind of secret a name (of a variable, a flag, a key of a configuration) has as its value; null for none. */
export function secretKindOfName(name: string): SecretNameKind | null {
  const parts = partsOf(name)
  if (parts.some((part) => PASSWORDS.has(part))) return isCount(parts) ? null : 'password'
  if (parts.some((part) => KEYS.has(part))) return isCount(parts) ? null : 'key'
  for (const [index, part] of parts.entries()) {
    if (part === 'key' && BEFORE_KEY.has(parts[index - 1] ?? '')) return 'key'
  }
  const token = parts.includes('token') || parts.includes('pat') || parts.includes('jwt')
  return token && !parts.some((part) => OF_TEXT.has(part)) ? 'token' : null
}

/** `password_length` and `secret_count` are numbers about a secret. */
function isCount(parts: readonly string[]): boolean {
  return ['length', 'len', 'count', 'size', 'file', 'path', 'name', 'id', 'dir', 'type', 'policy'].includes(
    parts.at(-1) ?? '',
  )
}

function partsOf(name: string): readonly string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '')
}

const NOTHING: ReadonlySet<string> = new Set([
  '',
  'none',
  'null',
  'nil',
  'undefined',
  'true',
  'false',
  'yes',
  'no',
  'on',
  'off',
  'str',
  'string',
  'bool',
  'int',
  'required',
])

const CODE =
  /^(?:os|args|self|this|config|cfg|settings|env|environ|process|params|opt|opts|options|request|hparams|flags|conf|ctx|secrets|getpass|input)\b[.([]|^(?:[A-Za-z_][\w.]{0,80})\(|^[$%<{[]|^\{\{/i
const PATH = /^(?:~|\.{0,2})\/|^[A-Za-z]:[\\/]|\.(?:json|ya?ml|pem|key|txt|toml|env|cfg)$/

/**
 * Whether a value behind such a name is the secret itself, and not nothing, a reference to it in code, or a path to it.
 *
 * @param name the name's last word is also what code passes on (`token=token`).
 */
export function isSecretValue(kind: SecretNameKind, value: string, name = ''): boolean {
  if (NOTHING.has(value.toLowerCase()) || CODE.test(value)) return false
  if (value.toLowerCase() === name.toLowerCase()) return false
  if (kind === 'password') return !(name.toLowerCase() === 'pwd' && PATH.test(value))
  if (PATH.test(value)) return false
  if (kind === 'key') return value.length >= 6 && !/^-?\d+(?:\.\d+)?$/.test(value)
  return value.length >= 8 && looksLikeToken(value)
}

/** Letters with digits, or a long run of many different characters; never a number or a hyphenated name. */
function looksLikeToken(value: string): boolean {
  if (!/[A-Za-z]/.test(value) || /\s/.test(value)) return false
  if (/^[a-z]+(?:[-_/.][a-z0-9.]{1,12})*$/.test(value) && !/\d.*[a-z].*\d/.test(value)) return false
  return /\d/.test(value) || (value.length >= 20 && new Set(value).size >= 10)
}
