/** The languages that a snippet may be in. Whole files are coloured by the editor. */
export type CodeLanguage = 'text' | 'python' | 'shell' | 'json'

export interface CodeToken {
  readonly kind: 'plain' | 'key' | 'string' | 'number' | 'comment'
  readonly text: string
}

const pythonWords =
  'False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield'

const patterns: Readonly<Record<Exclude<CodeLanguage, 'text'>, RegExp>> = {
  python: new RegExp(
    `(?<comment>#[^\\n]*)|(?<string>[rbfRBF]{0,2}(?:"""[\\s\\S]*?(?:"""|$)|'''[\\s\\S]*?(?:'''|$)|"(?:\\\\.|[^"\\\\\\n])*"?|'(?:\\\\.|[^'\\\\\\n])*'?))|(?<key>\\b(?:${pythonWords})\\b)|(?<number>\\b\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?\\b)`,
    'g',
  ),
  shell:
    /(?<comment>(?<=^|\s)#[^\n]*)|(?<string>"(?:\\.|[^"\\])*"?|'[^']*'?)|(?<key>(?<=^|\n)\s*(?:export|cd|source)\b)|(?<number>(?<=[\s=])\d+(?:\.\d+)?(?=\s|$))/g,
  json: /(?<key>"(?:\\.|[^"\\])*"(?=\s*:))|(?<string>"(?:\\.|[^"\\])*"?)|(?<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|\b(?:true|false|null)\b)/g,
}

/** Splits a snippet into coloured pieces; joined, they are the snippet again. */
export const colourCode = (code: string, language: CodeLanguage): readonly CodeToken[] => {
  if (language === 'text' || code === '') return [{ kind: 'plain', text: code }]
  const tokens: CodeToken[] = []
  let done = 0
  for (const match of code.matchAll(patterns[language])) {
    if (match[0] === '') continue
    if (match.index > done) tokens.push({ kind: 'plain', text: code.slice(done, match.index) })
    const groups = match.groups ?? {}
    const kind = (['comment', 'string', 'key', 'number'] as const).find((name) => groups[name] !== undefined) ?? 'plain'
    tokens.push({ kind, text: match[0] })
    done = match.index + match[0].length
  }
  if (done < code.length) tokens.push({ kind: 'plain', text: code.slice(done) })
  return tokens
}
