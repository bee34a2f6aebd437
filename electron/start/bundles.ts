import { join, relative, sep } from 'node:path'

/** One built file, or for the page one folder. Paths are relative to the project's root, with `/`. */
export type Bundle = {
  readonly kind: 'page' | 'node' | 'preload'
  /** The source that it begins with; for the page, its Vite settings. */
  readonly entry: string
  readonly output: string
}

const PAGE: Bundle = { kind: 'page', entry: 'renderer/vite.config.ts', output: 'build/page' }

/** What every start needs. Workers are found on the way, by `new URL('./x.ts', import.meta.url)` in the code that starts them. */
export const BUNDLES: readonly Bundle[] = [
  PAGE,
  bundleOf('electron/main/main.ts'),
  bundleOf('electron/preload/preload.ts'),
  bundleOf('electron/backend/serve.ts'),
  bundleOf('electron/shim/shim.ts'),
  bundleOf('electron/cli/cli.ts'),
  bundleOf('electron/start/run.ts'),
  bundleOf('electron/start/installed.ts'),
]

/**
 * The bundle that begins with a source: `electron/workers/hash.ts` becomes `build/workers/hash.js`. A sandboxed preload script must
 * be CommonJS.
 */
export function bundleOf(entry: string): Bundle {
  const inside = entry.replace(/^electron\//, '').replace(/\.ts$/, '')
  return inside.startsWith('preload/')
    ? { kind: 'preload', entry, output: `build/${inside}.cjs` }
    : { kind: 'node', entry, output: `build/${inside}.js` }
}

/** True for a file that only tests or types need. */
export function isOutsideBundles(file: string): boolean {
  return /\.test\.tsx?$|\.d\.ts$|\.md$/.test(file) || file.includes('/gallery/')
}

/** `/home/a/benchtop/electron/x.ts` as `electron/x.ts`. */
export function pathFromRoot(root: string, file: string): string {
  return relative(root, file).split(sep).join('/')
}

export const BUILD_ID_FILE = 'build/build-id.json'
export const stampFile = (root: string): string => join(root, 'build', 'stamps.json')
