/** A value for programs. JSON has no NaN and no infinities: they are texts, as MLflow writes them. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(
    value,
    (_key, one: unknown) => (typeof one === 'number' && !Number.isFinite(one) ? String(one) : one),
    2,
  )
  return `${text}\n`
}
