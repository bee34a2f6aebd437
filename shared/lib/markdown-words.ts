/** What is looked at: a line of a table shows less than this. */
const MOST = 2_000

/**
 * The words of a markdown text in one line, for where there is room for one line only: without the signs of headings, lists, quotes, tables, emphasis, code and links.
 * It cuts corners that nobody sees in a line: what is no markdown stays as it is.
 */
export function markdownWords(text: string): string {
  return text
    .slice(0, MOST)
    .split(/\r?\n/)
    .filter((line) => !isDrawn(line))
    .map((line) =>
      line
        .replace(/^\s*(?:>\s?)*\s*(?:#{1,6}\s+|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)?/, '')
        .replace(/^\|(.*)\|\s*$/, '$1')
        .replace(/(?<=\S)\s+\|\s+(?=\S)/g, ', ')
        .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/(\*\*|~~)(?=\S)(.+?)(?<=\S)\1/g, '$2')
        .replace(/(?<![\p{L}\p{N}_])__(?=\S)(.+?)(?<=\S)__(?![\p{L}\p{N}_])/gu, '$1')
        .replace(/(?<![\p{L}\p{N}*_])([*_])(?=[^\s*_])(.+?)(?<=[^\s*_])\1(?![\p{L}\p{N}*_])/gu, '$2')
        .replace(/(`+)(.+?)\1/g, '$2')
        .trim(),
    )
    .filter((line) => line !== '')
    .join(' ')
}

/** Lines that only draw: fences, rulers, what underlines a heading, and the line under a table's head. */
function isDrawn(line: string): boolean {
  const signs = line.replace(/\s+/g, '')
  return /^(?:`{3,}.*|~{3,}.*|-{3,}|\*{3,}|_{3,}|=+)$/.test(signs) || (signs.includes('-') && /^[|:-]{3,}$/.test(signs))
}
