import DOMPurify from 'dompurify'
import { cx } from '../cx.ts'
import s from './markdown.module.css'
import { renderMarkdown } from './render-markdown.ts'

const TAGS = ['p', 'br', 'hr', 'h3', 'h4', 'h5', 'h6', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'a', 'span']
const BLOCKS = ['ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td']

/** Cleaned a second time, by what a browser makes of it: only what markdown has, and nothing that acts or is fetched. */
export function MarkdownView({ text, className }: { readonly text: string; readonly className?: string | undefined }) {
  const clean = DOMPurify.sanitize(renderMarkdown(text), {
    ALLOWED_TAGS: [...TAGS, ...BLOCKS],
    ALLOWED_ATTR: ['href', 'title', 'target', 'rel', 'start', 'align'],
  })
  return <div className={cx(s.markdown, className)} dangerouslySetInnerHTML={{ __html: clean }} />
}
