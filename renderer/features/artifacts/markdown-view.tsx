import DOMPurify from 'dompurify'
import markdown from 'markdown-it'
import s from './artifacts.module.css'

/** A stranger's markdown as a page: its HTML is text, and what is made of it is cleaned of whatever could act or be fetched. */
export function MarkdownView({ text }: { readonly text: string }) {
  const dirty = markdown({ html: false, linkify: false }).render(text)
  const clean = DOMPurify.sanitize(dirty, { FORBID_TAGS: ['img', 'style', 'form', 'input'], FORBID_ATTR: ['style'] })
  return <article className={s.markdown} dangerouslySetInnerHTML={{ __html: clean }} />
}
