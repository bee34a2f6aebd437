/**
 * Filters (`filter.<name>.clean`, `.process`) are programs that git runs on the files that it compares. Those of the user's own configuration are
 * the user's choice (Git LFS needs them); those that a repository's configuration names are not: opening a folder must start nothing.
 */

/** What asks git for all filters with where they were set; the second form is for gits older than 2.26, which don't say where. */
export const ASK_FILTERS = ['config', '-z', '--show-scope', '--get-regexp', '^filter\\.'] as const
export const ASK_FILTERS_PLAIN = ['config', '-z', '--get-regexp', '^filter\\.'] as const

type Setting = { readonly scope: string; readonly key: string; readonly value: string }

/** The user's own. A person's command line (`-c`) is not among them: nobody typed ours. */
const OWN: ReadonlySet<string> = new Set(['system', 'global'])

/**
 * The `-c` words that put the user's own filters in the place of a repository's, or none where the user has none of that name. `answer` is what
 * git said to the question. Undefined when a filter's name can't be given in this way: then git must not look at files at all.
 */
export function filterOverrides(answer: string, isScoped: boolean): readonly string[] | undefined {
  const settings = isScoped ? scoped(answer) : plain(answer)
  const foreign = new Set(settings.filter(({ scope }) => !OWN.has(scope)).map(({ key }) => filterOf(key)))
  const words: string[] = []
  for (const filter of foreign) {
    // Git ends the name of a setting on its command line at the first of these.
    if (filter.includes('=') || filter.includes('\n')) return undefined
    for (const [part, none] of [
      ['clean', ''],
      ['process', ''],
      ['smudge', ''],
      ['required', 'false'],
    ] as const) {
      const key = `${filter}.${part}`
      const own = settings.findLast((setting) => setting.key === key && OWN.has(setting.scope))
      words.push('-c', `${key}=${own?.value ?? none}`)
    }
  }
  return words
}

/** `filter.lfs` of `filter.lfs.clean`; the name between may hold dots itself. */
function filterOf(key: string): string {
  return key.slice(0, key.lastIndexOf('.'))
}

/** Records `scope NUL key LF value NUL`. */
function scoped(answer: string): readonly Setting[] {
  const parts = answer.split('\0').slice(0, -1)
  return parts.flatMap((scope, index) => (index % 2 === 1 ? [] : [setting(scope, parts[index + 1] ?? '')]))
}

/** Records `key LF value NUL`, all of them suspect. */
function plain(answer: string): readonly Setting[] {
  return answer
    .split('\0')
    .slice(0, -1)
    .map((record) => setting('unknown', record))
}

/** A setting without a value (`[filter "x"] required`) has no line break, and is true. */
function setting(scope: string, record: string): Setting {
  // A filter's name may hold a line break; the last part of a key never does.
  const end = /\.[a-z][a-z0-9-]*(?=\n|$)/i.exec(record)
  const at = end === null ? record.length : end.index + end[0].length
  return { scope, key: record.slice(0, at), value: at === record.length ? 'true' : record.slice(at + 1) }
}
