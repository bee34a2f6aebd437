/** Draws the app's icons from their SVG: `node test/electron/draw-icons.ts`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { launchBrowser } from '../e2e/support/browser.ts'

const folder = new URL('../../resources/icons/', import.meta.url)
const drawing = readFileSync(new URL('icon.svg', folder), 'utf8')
const browser = await launchBrowser()
for (const size of [16, 32, 48, 64, 128, 256, 512, 1024]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const sized = drawing.replace('width="1024" height="1024"', `width="${size}" height="${size}"`)
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${sized}`)
  const png = await page.screenshot({ omitBackground: true })
  writeFileSync(new URL(`${size}x${size}.png`, folder), png)
  if (size === 1024) writeFileSync(new URL('icon.png', folder), png)
  await page.close()
}
await browser.close()
