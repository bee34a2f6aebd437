import { lazy, Suspense } from 'react'
import { cx } from '../cx.ts'
import s from './markdown.module.css'

// What reads and cleans it is a tenth of the page: it comes with the first text. Where it can't be had, the words are there as they were written.
const MarkdownView = lazy(() =>
  import('./markdown-view.tsx').then(
    (all) => ({ default: all.MarkdownView }),
    () => ({ default: RawText }),
  ),
)

export interface MarkdownProps {
  readonly text: string
  readonly className?: string | undefined
}

/** Words that somebody wrote as markdown. Its HTML is text, nothing in it acts or is fetched, and links open outside. */
export function Markdown({ text, className }: MarkdownProps) {
  return (
    <Suspense fallback={<RawText text={text} className={className} />}>
      <MarkdownView text={text} className={className} />
    </Suspense>
  )
}

function RawText({ text, className }: MarkdownProps) {
  return <p className={cx(s.raw, className)}>{text}</p>
}
