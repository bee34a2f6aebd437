/**
 * Who may import whom, as data: DESIGN's rooms, with the packages that have a single importer.
 *
 * A room is a folder; the longest that fits a path is its room. `may` names the rooms whose files it may import besides
 * its own and shared; `mayTypes` those of which it may import types alone.
 */
export type Room = {
  readonly folder: string
  readonly may: readonly string[]
  readonly mayTypes?: readonly string[]
}

/** What features stand on. */
const below = ['electron/db', 'electron/platform', 'electron/jobs', 'electron/workers']
const page = ['renderer/ui', 'renderer/lib']
/** The one file of the backend that others run: it finds the backend or starts it, by path, as a process of its own. */
const starter = 'electron/backend/ensure-backend.ts'

export const rooms: readonly Room[] = [
  { folder: 'shared', may: [] },
  { folder: 'electron/platform', may: [] },
  { folder: 'electron/db', may: ['electron/platform'] },
  { folder: 'electron/transport', may: ['electron/platform'] },
  { folder: 'electron/jobs', may: ['electron/platform'] },
  // A worker's entry hands its port to the feature that starts it.
  { folder: 'electron/workers', may: ['electron/platform', 'electron/db', 'electron/features'] },
  // Launching writes what the shim reads, and reads what it writes.
  { folder: 'electron/features', may: ['electron/shim', ...below] },
  { folder: 'electron/http', may: ['electron/features', 'electron/transport', 'electron/platform'] },
  { folder: 'electron/backend', may: ['electron/features', 'electron/http', 'electron/transport', ...below] },
  { folder: 'electron/shim', may: ['electron/platform', starter] },
  {
    folder: 'electron/cli',
    may: ['electron/features', 'electron/transport', 'electron/shim', 'electron/platform', starter],
  },
  { folder: 'electron/start', may: ['electron/platform', 'electron/transport', 'electron/vite.config.ts', starter] },
  {
    folder: 'electron/main',
    may: ['electron/platform', 'electron/transport', 'electron/http', starter],
    mayTypes: ['electron/backend'],
  },
  { folder: 'electron/preload', may: [] },
  { folder: 'renderer/lib', may: [] },
  { folder: 'renderer/ui', may: ['renderer/lib'] },
  { folder: 'renderer/ui/gallery', may: ['renderer/ui', 'renderer/charts', 'renderer/graph', 'renderer/lib'] },
  { folder: 'renderer/charts', may: page },
  { folder: 'renderer/graph', may: page },
  { folder: 'renderer/editor', may: page },
  { folder: 'renderer/client', may: ['renderer/lib'] },
  {
    folder: 'renderer/features',
    may: ['renderer/client', 'renderer/charts', 'renderer/graph', 'renderer/editor', ...page],
  },
  { folder: 'renderer/app', may: ['renderer'] },
]

/** Packages that only some folders may import. */
export const owners: Readonly<Record<string, readonly string[]>> = {
  electron: ['electron/main', 'electron/preload'],
  echarts: ['renderer/charts'],
  '@xyflow/react': ['renderer/graph'],
  elkjs: ['renderer/graph'],
  'monaco-editor': ['renderer/editor'],
  'react-aria-components': ['renderer/ui'],
  'better-sqlite3': ['electron/db', 'electron/backend', 'electron/workers'],
  ws: ['electron/transport'],
  'node:http': ['electron/http', 'electron/transport', 'electron/shim', 'electron/backend'],
  'node:https': [],
}

/** What a whole side of the program must do without, with the reason. */
export const bans: readonly { readonly folder: string; readonly banned: RegExp; readonly why: string }[] = [
  { folder: 'shared', banned: /^(?!zod$)/, why: 'shared imports shared and zod only' },
  { folder: 'renderer', banned: /^node:/, why: 'the page has no Node' },
  { folder: 'electron', banned: /^react(-dom)?$/, why: 'React lives in the renderer' },
]
