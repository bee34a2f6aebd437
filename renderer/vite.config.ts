import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = new URL('.', import.meta.url).pathname

/** React Aria carries its few words in 34 languages; the page speaks English (`ui/ui-provider.tsx`). */
const englishOnly = (): Plugin => ({
  name: 'english-only',
  load: (id) =>
    /\/react-(?:aria|stately)[^?]*\/intl\/[^?]*\/(?!en-US)[a-z]{2}-[A-Z]{2}\.mjs/.test(id) ? 'export default {}' : null,
})

/**
 * The page's bundle. `ui/gallery/index.html` is served by the dev server alone: it is no input of the build, so
 * nothing of it ships. Paths are relative, because the same files are served from `app://` and from loopback.
 */
export default defineConfig({
  root: here,
  base: './',
  publicDir: `${here}public`,
  plugins: [englishOnly(), react({ compiler: true })],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: `${here}../build/page`,
    emptyOutDir: true,
    target: 'es2024',
    // The policy of the page allows no `data:` scripts or fonts; small images stay files as well.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
  },
  server: { host: '127.0.0.1' },
})
