/** Lines that a person should see: warnings, errors, and numbers that are none. */
const WRONG =
  /(?:^|[\s[(])(?:\w+\.)*\w*(?:Warning|Error|Exception)\b|\b(?:WARN|WARNING|ERROR|CRITICAL|FATAL)\b|\b(?:error|warning):|^Traceback\b|\bout of memory\b|\b[Nn]a[Nn]\b/
/** A line may be a megabyte; what is wrong stands at its beginning. */
const LOOKED_AT = 400

/** Whether a line of output asks for a person's eye. */
export function looksWrong(text: string): boolean {
  return WRONG.test(text.slice(0, LOOKED_AT))
}

/** A line with each place that holds the words marked, case ignored. */
export function Marked({ text, words }: { readonly text: string; readonly words: string }) {
  if (words === '') return text
  const lower = text.toLowerCase()
  // Of a few letters the small form is longer: then places would be off.
  if (lower.length !== text.length) return text
  const parts: React.ReactNode[] = []
  let at = 0
  for (let hit = lower.indexOf(words.toLowerCase()); hit >= 0; hit = lower.indexOf(words.toLowerCase(), at)) {
    parts.push(text.slice(at, hit), <mark key={hit}>{text.slice(hit, hit + words.length)}</mark>)
    at = hit + words.length
  }
  return [...parts, text.slice(at)]
}
