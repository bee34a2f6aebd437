const MOST = 1_000

/** `repr(text)` of Python, cut where it gets too long to read: MLflow's messages have it. */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inner = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replace(CONTROL, (character) => NAMED[character] ?? `\\x${hex(character)}`)
  const whole = `${quote}${inner}${quote}`
  return whole.length > MOST ? `${whole.slice(0, MOST)}...` : whole
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
// oxlint-disable-next-line no-control-regex -- these are what has to be shown.
const CONTROL = /[\u0000-\u001f\u007f]/g
const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, '0')
