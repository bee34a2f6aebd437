import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = new URL('.', import.meta.url).pathname

/**
 * The page's bundle. `ui/gallery/index.html` is served by the dev server alone: it is no input of the build, so
 * nothing of it ships. Paths are relative, because the same files are served from `app://` and from loopback.
 */
export default defineConfig({
  root: here,
  base: './',
  publicDir: `${here}public`,
  plugins: [react({ compiler: true })],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: `${here}../build/page`,
    emptyOutDir: true,
    target: 'es2024',
    // The policy of the page allows no `data:` scripts or fonts; small images stay files as well.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
  server: { host: '127.0.0.1' },
})
