/** A colour as the tokens write it: lightness 0 to 1, chroma, hue in degrees, alpha 0 to 1. */
export interface Oklch {
  readonly l: number
  readonly c: number
  readonly h: number
  readonly alpha: number
}

/** Linear-light sRGB, each 0 to 1 inside the gamut. */
export type LinearRgb = readonly [red: number, green: number, blue: number]

/** Reads `oklch(0.55 0.18 263 / 0.5)`; undefined for anything else. */
export const parseOklch = (text: string): Oklch | undefined => {
  const match = /^oklch\(\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)(?:\s*\/\s*([\d.]+))?\s*\)$/.exec(text.trim())
  if (match === null) return undefined
  return { l: Number(match[1]), c: Number(match[2]), h: Number(match[3]), alpha: Number(match[4] ?? 1) }
}

/** OKLCH to linear sRGB by Ottosson's matrices (https://bottosson.github.io/posts/oklab), clipped to the gamut. */
export const toLinearRgb = ({ l, c, h }: Oklch): LinearRgb => {
  const a = c * Math.cos((h * Math.PI) / 180)
  const b = c * Math.sin((h * Math.PI) / 180)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clip = (value: number) => Math.min(1, Math.max(0, value))
  return [
    clip(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    clip(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    clip(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ]
}

const gamma = (value: number): number => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055)

/** `#rrggbb` of a colour, for files that other programs open (they may not know oklch). */
export const toHex = (colour: Oklch): string =>
  `#${toLinearRgb(colour)
    .map((value) =>
      Math.round(gamma(value) * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/** WCAG 2.2 relative luminance. */
export const luminance = ([red, green, blue]: LinearRgb): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue

/** WCAG 2.2 contrast ratio of two opaque colours, 1 to 21. */
export const contrast = (one: Oklch, other: Oklch): number => {
  const [a, b] = [luminance(toLinearRgb(one)), luminance(toLinearRgb(other))]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}
