/** A process of its own, because a download that hangs can only be ended from outside: `electron-download.js ROOT`. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DownloadWord } from './fetch-electron.ts'

/** What is used of `@electron/get`, which lies among Electron's own packages. */
type Get = {
  readonly downloadArtifact: (details: {
    readonly version: string
    readonly artifactName: 'electron'
    readonly platform: string
    readonly arch: string
    readonly checksums: unknown
    readonly downloadOptions: {
      readonly quiet: true
      readonly getProgressCallback: (progress: { readonly transferred: number; readonly total: number | null }) => void
    }
  }) => Promise<string>
}

const say = (word: DownloadWord): void => void process.send?.(word)
const folder = join(process.argv[2] ?? '', 'node_modules', 'electron')

try {
  const require = createRequire(join(folder, 'install.js'))
  const { downloadArtifact } = (await import(pathToFileURL(require.resolve('@electron/get')).href)) as Get
  const { version } = require('./package.json') as { readonly version: string }
  await downloadArtifact({
    version,
    artifactName: 'electron',
    platform: process.platform,
    arch: process.arch,
    checksums: require('./checksums.json'),
    downloadOptions: {
      quiet: true,
      getProgressCallback: ({ transferred, total }) => say({ kind: 'progress', transferred, total }),
    },
  })
  say({ kind: 'unpacking' })
  // The package's own script finds the archive in the cache, checks it again and unpacks it.
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'install.js')], { encoding: 'utf8' })
  say(status === 0 ? { kind: 'done' } : { kind: 'failed', reason: stderr.trim().split('\n')[0] ?? 'unpacking failed' })
} catch (error) {
  say({ kind: 'failed', reason: reasonOf(error) })
}
process.disconnect?.()

/** The innermost cause: `fetch failed` says nothing, `getaddrinfo ENOTFOUND github.com` does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message.split('\n')[0] || error.name
}
