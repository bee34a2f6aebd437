import s from './marks.module.css'

/**
 * A name that is cut in its middle where room is short, so that the tail, where names differ, shows. By layout alone:
 * nothing is measured, and the whole name stays in the page for search, copy and screen readers.
 */
export function MiddleCut({ text, tail = 8 }: { text: string; tail?: number }) {
  const points = Array.from(oneLine(text))
  // Each name reads in its own direction, whatever stands around it.
  if (points.length <= tail + 4) {
    return (
      <span className={s.head} dir="auto">
        {points.join('')}
      </span>
    )
  }
  return (
    <span className={s.middle} title={text} dir="auto">
      <span className={s.head}>{points.slice(0, -tail).join('')}</span>
      <span className={s.tail}>{points.slice(-tail).join('')}</span>
    </span>
  )
}

/** Breaks and tabs as spaces: a name is one line, and is not cut by its first. */
const oneLine = (text: string): string => text.replaceAll(/\s*[\n\r\t\v\f\u0085\u2028\u2029]\s*/g, ' ')
