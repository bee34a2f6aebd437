/** A parameter that stands on a command line. */
export interface ArgumentParam {
  readonly key: string
  readonly value: string
  /** `--lr 0.1`; `model.lr=0.1` as Hydra takes it; or a word by its place (`arg1`). */
  readonly form: 'option' | 'override' | 'positional'
}

const LONGEST_KEY = 250
const LONGEST_VALUE = 6_000
const MOST_PARAMS = 1_000

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const OPTION = /^--?([A-Za-z_][\w.:/-]*)(?:=([^]*))?$/
const SHORT_WITH_NUMBER = /^-([A-Za-z])(\d+(?:\.\d+)?)$/
const OVERRIDE = /^(\+{0,2}|~)([A-Za-z_][\w./@:-]*)=([^]*)$/
const DELETION = /^~([A-Za-z_][\w./@-]*)$/

/**
 * Reads a script's own arguments as parameters, without knowing its parser: what follows an option is its value unless it is
 * an option itself, several numbers in a row are one list, an option without value is `true`.
 *
 * Keys are spelled as argparse names its destinations (`--batch-size` is `batch_size`), so that they meet what the script
 * logs. An option that comes again gathers its values. At most 1,000 parameters; longer values are cut and end with `…`.
 */
export function parseArguments(words: readonly string[]): readonly ArgumentParam[] {
  const params = new Map<string, ArgumentParam>()
  let positional = 0
  let onlyWords = false
  for (let at = 0; at < words.length && params.size < MOST_PARAMS; at += 1) {
    const word = words[at] ?? ''
    const option = onlyWords ? undefined : optionAt(words, at)
    const override = onlyWords ? undefined : overrideOf(word)
    if (!onlyWords && word === '--') onlyWords = true
    else if (option !== undefined) {
      put(params, { key: option.key, value: option.value, form: 'option' })
      at += option.used
    } else if (override !== undefined) put(params, override)
    else if (word !== '') {
      positional += 1
      put(params, { key: `arg${positional}`, value: word, form: 'positional' })
    }
  }
  return [...params.values()]
}

function put(params: Map<string, ArgumentParam>, param: ArgumentParam): void {
  const key = param.key.slice(0, LONGEST_KEY)
  const before = params.get(key)
  // Overrides replace, as they do in Hydra; options gather, as `action="append"` and repeated nargs do.
  const value = before !== undefined && param.form === 'option' ? `${before.value} ${param.value}` : param.value
  const cut = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE - 1)}…` : value
  params.set(key, { key, value: cut, form: param.form })
}

interface Option {
  readonly key: string
  readonly value: string
  /** Words behind the option that are its value. */
  readonly used: number
}

function optionAt(words: readonly string[], at: number): Option | undefined {
  const word = words[at] ?? ''
  const short = SHORT_WITH_NUMBER.exec(word)
  if (short !== null) return { key: short[1] ?? '', value: short[2] ?? '', used: 0 }
  const match = NUMBER.test(word) ? null : OPTION.exec(word)
  if (match === null) return undefined
  const key = (match[1] ?? '').replaceAll('-', '_')
  if (match[2] !== undefined) return { key, value: match[2], used: 0 }
  const values = valuesFrom(words, at + 1)
  return { key, value: values.length === 0 ? 'true' : values.join(' '), used: values.length }
}

/** One word, or all numbers in a row (`--betas 0.9 0.999`); a second word that is no number stands for itself. */
function valuesFrom(words: readonly string[], from: number): readonly string[] {
  const first = words[from]
  if (first === undefined || !isValue(first)) return []
  let end = from + 1
  while (NUMBER.test(first) && NUMBER.test(words[end] ?? '')) end += 1
  return words.slice(from, end)
}

function isValue(word: string): boolean {
  if (NUMBER.test(word)) return true
  return !word.startsWith('-') && overrideOf(word) === undefined
}

function overrideOf(word: string): ArgumentParam | undefined {
  const match = OVERRIDE.exec(word)
  if (match !== null && match[1] !== '~') return { key: match[2] ?? '', value: match[3] ?? '', form: 'override' }
  const name = DELETION.exec(word)?.[1] ?? (match === null ? undefined : match[2])
  return name === undefined ? undefined : { key: `~${name}`, value: 'removed', form: 'override' }
}
