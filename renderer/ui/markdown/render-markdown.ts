import markdown from 'markdown-it'

/** Headings of a text stand below those of the page around it. */
const BELOW = 2
const LOWEST = 6

/**
 * A stranger's markdown as HTML that holds nothing but text, headings, lists, tables, code and links that open outside. HTML in it is text; an image, which would
 * be fetched, is its words; a link that leads nowhere from here (into the page, to a file beside the text, to plain HTTP) is its words and its address.
 */
export function renderMarkdown(text: string): string {
  return createRenderer().render(text)
}

function createRenderer(): ReturnType<typeof markdown> {
  const renderer = markdown({ html: false, linkify: true })
  renderer.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
  // All of them make tokens; which of them becomes a link is decided below.
  renderer.validateLink = () => true
  const { rules } = renderer.renderer
  const escape = renderer.utils.escapeHtml
  /** Links that are open, innermost last. */
  const openLinks: { address: string; words: string }[] = []
  rules['link_open'] = (tokens, index, options, _environment, self) => {
    const token = tokens[index]
    const address = String(token?.attrGet('href') ?? '')
    let words = ''
    // From here on only: a paragraph may have ten thousand links.
    for (let at = index + 1; at < tokens.length && tokens[at]?.type !== 'link_close'; at++)
      words += tokens[at]?.content ?? ''
    openLinks.push({ address, words })
    if (token === undefined || !opensOutside(address)) return '<span>'
    token.attrSet('target', '_blank')
    token.attrSet('rel', 'noopener noreferrer')
    return self.renderToken(tokens, index, options)
  }
  rules['link_close'] = () => {
    const { address, words } = openLinks.pop() ?? { address: '', words: '' }
    if (opensOutside(address)) return '</a>'
    return address === '' || address === words ? '</span>' : ` (${escape(address)})</span>`
  }
  rules['image'] = (tokens, index, options, environment, self) => {
    const token = tokens[index]
    const address = String(token?.attrGet('src') ?? '')
    const words = self.renderInlineAsText(token?.children ?? [], options, environment)
    const shown = escape(words === '' ? 'image' : words)
    // Inside of a link its words are the link's.
    if (openLinks.length > 0 || !opensOutside(address)) return shown
    return `<a href="${escape(address)}" target="_blank" rel="noopener noreferrer">${shown}</a>`
  }
  /** Of the heading before: that of the page's own part, at first. */
  let level = BELOW
  const lowered: NonNullable<(typeof rules)['heading_open']> = (tokens, index, options, _environment, self) => {
    const token = tokens[index]
    // One below the heading before at most, whatever sign its writer liked the size of.
    if (token?.nesting === 1) level = Math.min(LOWEST, level + 1, Number(token.tag.slice(1)) + BELOW)
    if (token !== undefined) token.tag = `h${level}`
    return self.renderToken(tokens, index, options)
  }
  // A column's side as an attribute: styles are no part of what the page lets through.
  const aligned: typeof lowered = (tokens, index, options, _environment, self) => {
    const token = tokens[index]
    const side = /^text-align:(\w+)$/.exec(String(token?.attrGet('style') ?? ''))?.[1]
    if (token !== undefined && side !== undefined) token.attrs = [['align', side]]
    return self.renderToken(tokens, index, options)
  }
  rules['th_open'] = aligned
  rules['td_open'] = aligned
  rules['heading_open'] = lowered
  rules['heading_close'] = lowered
  return renderer
}

/** What the desktop hands to the browser: https alone, without a name or a password. A browser is asked for no more. */
function opensOutside(address: string): boolean {
  return /^https:\/\/[^\s@\\/?#]+(?:[/?#]\S*)?$/i.test(address)
}
