/** From values to px and back. */
export interface Scale {
  readonly domain: readonly [number, number]
  readonly range: readonly [number, number]
  readonly log: boolean
  readonly toPixel: (value: number) => number
  readonly toValue: (pixel: number) => number
}

/** A straight scale. A domain of no width is widened by one half on each side. */
export const linearScale = (domain: readonly [number, number], range: readonly [number, number]): Scale => {
  const [from, to] = domain[0] === domain[1] ? [domain[0] - 0.5, domain[1] + 0.5] : domain
  const [left, right] = range
  const factor = (right - left) / (to - from)
  return {
    domain: [from, to],
    range,
    log: false,
    toPixel: (value) => left + (value - from) * factor,
    toValue: (pixel) => from + (pixel - left) / factor,
  }
}

/** A logarithmic scale; the domain must be positive. Values that are not give NaN. */
export const logScale = (domain: readonly [number, number], range: readonly [number, number]): Scale => {
  const inner = linearScale([Math.log10(domain[0]), Math.log10(domain[1])], range)
  return {
    domain: [10 ** inner.domain[0], 10 ** inner.domain[1]],
    range,
    log: true,
    toPixel: (value) => (value > 0 ? inner.toPixel(Math.log10(value)) : Number.NaN),
    toValue: (pixel) => 10 ** inner.toValue(pixel),
  }
}
