/** How a stretch of terminal text is set. Colours are the sixteen of the terminal: 0-7, and 8-15 bright. */
export interface TerminalStyle {
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
  readonly inverse: boolean
  readonly foreground: number | null
  readonly background: number | null
}

export const PLAIN_STYLE: TerminalStyle = {
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  foreground: null,
  background: null,
}

/** Whether a style is the plain one, by value. */
export function isPlainStyle(style: TerminalStyle): boolean {
  return (
    style === PLAIN_STYLE ||
    (!style.bold &&
      !style.dim &&
      !style.italic &&
      !style.underline &&
      !style.inverse &&
      style.foreground === null &&
      style.background === null)
  )
}

/**
 * Applies the parameters of an SGR sequence (`1;31`); what is not among the sixteen colours becomes the plain colour.
 *
 * Source of the numbers: ECMA-48, 8.3.117, and aixterm's bright colours 90-107.
 */
export function applySgr(style: TerminalStyle, parameters: string): TerminalStyle {
  const codes = parameters.split(/[;:]/).slice(0, 32).map(Number)
  let next = style
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0
    if (code === 38 || code === 48) {
      const extended = extendedColour(codes, index + 1)
      next = code === 38 ? { ...next, foreground: extended.colour } : { ...next, background: extended.colour }
      index += extended.used
    } else {
      next = applyCode(next, code)
    }
  }
  return next
}

function applyCode(style: TerminalStyle, code: number): TerminalStyle {
  const colour = code % 10
  if (code >= 30 && code <= 37) return { ...style, foreground: colour }
  if (code >= 40 && code <= 47) return { ...style, background: colour }
  if (code >= 90 && code <= 97) return { ...style, foreground: colour + 8 }
  if (code >= 100 && code <= 107) return { ...style, background: colour + 8 }
  switch (code) {
    case 0:
      return PLAIN_STYLE
    case 1:
      return { ...style, bold: true }
    case 2:
      return { ...style, dim: true }
    case 3:
      return { ...style, italic: true }
    case 4:
      return { ...style, underline: true }
    case 7:
      return { ...style, inverse: true }
    case 22:
      return { ...style, bold: false, dim: false }
    case 23:
      return { ...style, italic: false }
    case 24:
      return { ...style, underline: false }
    case 27:
      return { ...style, inverse: false }
    case 39:
      return { ...style, foreground: null }
    case 49:
      return { ...style, background: null }
    default:
      return style
  }
}

/** `5;n` is a palette colour and `2;r;g;b` a true one; both are taken whole, so that their parts are no codes. */
function extendedColour(
  codes: readonly number[],
  at: number,
): { readonly colour: number | null; readonly used: number } {
  if (codes[at] === 2) return { colour: null, used: 4 }
  const colour = codes[at + 1]
  return { colour: colour !== undefined && colour < 16 ? colour : null, used: 2 }
}
