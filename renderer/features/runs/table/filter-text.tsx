import type { Span } from '#shared/domain/filter/ast.ts'
import { isKeyword } from '#shared/domain/filter/names.ts'
import { tokenise, type Token } from '#shared/domain/filter/tokens.ts'
import s from './filter-field.module.css'

export type FilterPiece = { readonly text: string; readonly kind: 'plain' | 'word' | 'string' | 'number' | 'wrong' }

/** A filter in coloured pieces; joined, they are the text again. What is wrong goes before what it is. */
export function filterPieces(text: string, wrong: Span | undefined): readonly FilterPiece[] {
  const pieces: FilterPiece[] = []
  const put = (from: number, to: number, kind: FilterPiece['kind']): void => {
    if (to > from) pieces.push({ text: text.slice(from, to), kind })
  }
  let at = 0
  for (const token of tokenise(text)) {
    put(at, token.from, 'plain')
    put(token.from, token.to, kindOf(token))
    at = Math.max(at, token.to)
  }
  put(at, text.length, 'plain')
  return wrong === undefined ? pieces : marked(pieces, wrong)
}

function kindOf({ kind, text }: Token): FilterPiece['kind'] {
  if (kind === 'single' || kind === 'double') return 'string'
  if (kind !== 'word') return 'plain'
  if (isKeyword(text)) return 'word'
  return /^[+-]?[\d.]/.test(text) ? 'number' : 'plain'
}

function marked(pieces: readonly FilterPiece[], { from, to }: Span): readonly FilterPiece[] {
  const end = Math.max(to, from + 1)
  let at = 0
  return pieces.flatMap((piece) => {
    const begin = at
    at += piece.text.length
    const [low, high] = [Math.max(begin, from) - begin, Math.min(at, end) - begin]
    if (low >= high) return [piece]
    const parts: FilterPiece[] = [
      { text: piece.text.slice(0, low), kind: piece.kind },
      { text: piece.text.slice(low, high), kind: 'wrong' },
      { text: piece.text.slice(high), kind: piece.kind },
    ]
    return parts.filter((part) => part.text !== '')
  })
}

/** The coloured text that lies over the field; a fault at the very end has a place of its own. */
export function FilterText({ text, wrong }: { readonly text: string; readonly wrong: Span | undefined }) {
  const atEnd = wrong !== undefined && wrong.from >= text.length
  return (
    <>
      {filterPieces(text, wrong).map((piece, index) => (
        // Pieces of a text have no identity but their place.
        <span key={index} className={piece.kind === 'plain' ? undefined : s[piece.kind]}>
          {piece.text}
        </span>
      ))}
      {atEnd ? <span className={s.wrong}> </span> : null}
    </>
  )
}
