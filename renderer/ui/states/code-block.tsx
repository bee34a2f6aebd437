import type { ReactNode } from 'react'
import { cx } from '../cx.ts'
import { CopyButton } from '../buttons/copy-button.tsx'
import { colourCode, type CodeLanguage } from './colour-code.ts'
import s from './code-block.module.css'

export interface CodeBlockProps {
  /** What it is; heard: "Command", "Snippet for MLflow". */
  readonly label: string
  readonly code: string
  readonly language?: CodeLanguage | undefined
  /** Long lines break rather than scroll. */
  readonly wrap?: boolean | undefined
  /** No Copy, e.g. for one line of a log. */
  readonly bare?: boolean | undefined
  /** Before the Copy button, e.g. a Segmented of languages. */
  readonly tools?: ReactNode
  readonly className?: string | undefined
}

/** A few lines of code with Copy. Whole files belong in the editor. */
export function CodeBlock(props: CodeBlockProps) {
  const { label, code, language = 'text', wrap = false, bare = false } = props
  return (
    <div className={cx(s.block, props.className)}>
      {/* Scrolls sideways, so the keyboard must reach it. */}
      <pre
        className={cx('code', s.text, wrap && s.wrap, !bare && props.tools === undefined && s.room)}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        {colourCode(code, language).map((token, at) => (
          // The tokens of a text have no identity but their place.
          <span key={at} className={token.kind === 'plain' ? undefined : s[token.kind]}>
            {wrap && language === 'text' ? <Words text={token.text} /> : token.text}
          </span>
        ))}
      </pre>
      {bare && props.tools === undefined ? null : (
        <div className={s.tools}>
          {props.tools}
          {bare ? null : <CopyButton text={code} size="small" icon />}
        </div>
      )}
    </div>
  )
}

/** Words longer than this may be broken: a path would leave its box. */
const LONG_WORD = 28

/** A command's words stay whole at the end of a line: `--epochs` would be broken behind its hyphens. */
function Words({ text }: { readonly text: string }) {
  return text.split(/(\s+)/).map((word, at) =>
    word.length > LONG_WORD || word.trim() === '' ? (
      word
    ) : (
      <span key={at} className={s.word}>
        {word}
      </span>
    ),
  )
}
