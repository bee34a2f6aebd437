import { expect, it } from 'vitest'
import { renderMarkdown } from './render-markdown.ts'

const OUT = 'target="_blank" rel="noopener noreferrer"'

it.each([
  ['**so** `x_y` ~~no~~', '<p><strong>so</strong> <code>x_y</code> <s>no</s></p>\n'],
  ['# A\n\n#### B\n\n## C', '<h3>A</h3>\n<h4>B</h4>\n<h4>C</h4>\n'],
  [
    '### A\n\n# B\n\n## C\n\n### D\n\n#### E\n\n##### F',
    '<h3>A</h3>\n<h3>B</h3>\n<h4>C</h4>\n<h5>D</h5>\n<h6>E</h6>\n<h6>F</h6>\n',
  ],
  ['<img src=x onerror=a()> <b>b</b>', '<p>&lt;img src=x onerror=a()&gt; &lt;b&gt;b&lt;/b&gt;</p>\n'],
  ['[card](https://x.org/a "t")', `<p><a href="https://x.org/a" title="t" ${OUT}>card</a></p>\n`],
  ['see https://x.org/b, x.org', `<p>see <a href="https://x.org/b" ${OUT}>https://x.org/b</a>, x.org</p>\n`],
  ['[a](javascript:alert(1))', '<p><span>a (javascript:alert(1))</span></p>\n'],
  ['[a](data:text/html;base64,xx)', '<p><span>a (data:text/html;base64,xx)</span></p>\n'],
  ['[a](#b) [c](notes.md)', '<p><span>a (#b)</span> <span>c (notes.md)</span></p>\n'],
  ['[wiki](http://wiki.local/x)', '<p><span>wiki (http://wiki.local/x)</span></p>\n'],
  ['[a](https://me:key@x.org)', '<p><span>a (https://me:key@x.org)</span></p>\n'],
  ['<http://wiki.local>', '<p><span>http://wiki.local</span></p>\n'],
  ['![roc](https://x.org/r.png)', `<p><a href="https://x.org/r.png" ${OUT}>roc</a></p>\n`],
  ['![](https://x.org/r.png "t")', `<p><a href="https://x.org/r.png" ${OUT}>image</a></p>\n`],
  ['![roc](roc.png) ![x](file:///etc/passwd)', '<p>roc x</p>\n'],
  ['[![badge](https://x.org/b.svg)](https://x.org)', `<p><a href="https://x.org" ${OUT}>badge</a></p>\n`],
  ['![" onx=a()](https://x.org/"%22)', `<p><a href="https://x.org/%22%22" ${OUT}>&quot; onx=a()</a></p>\n`],
])('%j becomes %j', (text, html) => expect(renderMarkdown(text)).toBe(html))

it('draws tables and lists', () => {
  expect(renderMarkdown('| a |\n|--:|\n| 1 |')).toContain('<th align="right">a</th>')
  expect(renderMarkdown('1. a\n2. b')).toBe('<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n')
})

it('draws a paragraph of ten thousands of links in time', () => {
  const link = '[a](https://x.org/b) '
  expect(renderMarkdown(link.repeat(60_000)).match(/<a /g)).toHaveLength(60_000)
})
