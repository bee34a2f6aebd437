import { lazy, Suspense } from 'react'
import { cx } from '../cx.ts'
import s from './markdown.module.css'

// What reads and cleans it is a tenth of the page: it comes with the first text.
const MarkdownView = lazy(async () => ({ default: (await import('./markdown-view.tsx')).MarkdownView }))

export interface MarkdownProps {
  readonly text: string
  readonly className?: string | undefined
}

/** Words that somebody wrote as markdown. Its HTML is text, nothing in it acts or is fetched, and links open outside. */
export function Markdown({ text, className }: MarkdownProps) {
  return (
    <Suspense fallback={<p className={cx(s.raw, className)}>{text}</p>}>
      <MarkdownView text={text} className={className} />
    </Suspense>
  )
}
