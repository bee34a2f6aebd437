import s from './marks.module.css'

/**
 * A name that is cut in its middle where room is short, so that the tail, where names differ, shows. By layout alone:
 * nothing is measured, and the whole name stays in the page for search, copy and screen readers.
 */
export function MiddleCut({ text, tail = 8 }: { text: string; tail?: number }) {
  const points = Array.from(text)
  if (points.length <= tail + 4) return <span className={s.head}>{text}</span>
  return (
    <span className={s.middle} title={text}>
      <span className={s.head}>{points.slice(0, -tail).join('')}</span>
      <span className={s.tail}>{points.slice(-tail).join('')}</span>
    </span>
  )
}
