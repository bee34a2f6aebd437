import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = new URL('.', import.meta.url).pathname

/** React Aria carries its few words in 34 languages; the page speaks English (`ui/ui-provider.tsx`). */
const englishOnly = (): Plugin => ({
  name: 'english-only',
  load: (id) =>
    /\/react-(?:aria|stately)[^?]*\/intl\/[^?]*\/(?!en-US)[a-z]{2}-[A-Z]{2}\.mjs/.test(id) ? 'export default {}' : null,
})

type ModuleGraph = { readonly getModuleInfo: (id: string) => { readonly importedIds: readonly string[] } | null }

/**
 * Names the chunk of all that the window needs for its first look: what is reached from its entry without a dynamic import. Left alone, the
 * bundler cuts it where screens that come later share parts of it, into many small files whose styles no longer come in their order.
 */
function firstChunk(): (id: string, graph: ModuleGraph) => string | null {
  let first: ReadonlySet<string> | undefined
  return (id, graph) => {
    first ??= reachedFrom(join(here, 'app/main.tsx'), graph)
    return first.has(id) ? 'first' : null
  }
}

function reachedFrom(entry: string, graph: ModuleGraph): ReadonlySet<string> {
  const reached = new Set([entry])
  // A set goes on over what is added while it is walked.
  for (const id of reached) for (const next of graph.getModuleInfo(id)?.importedIds ?? []) reached.add(next)
  return reached
}

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
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstChunk(), debugName: 'first' }] } } },
  },
  server: { host: '127.0.0.1' },
})
