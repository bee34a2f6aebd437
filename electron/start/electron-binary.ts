import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where Electron's program lies inside its folder. */
export function electronProgram(platform: string): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}

/** The Electron version that this clone wants. */
export function wantedElectron(root: string): string {
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')) as {
    version: unknown
  }
  return String(manifest.version)
}

/**
 * Electron's program: that of `ELECTRON_OVERRIDE_DIST_PATH`, else the one that its package has unpacked, whole and of the wanted
 * version. Undefined where there is none.
 */
export function findElectron(
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
  platform: string,
): string | undefined {
  const chosen = environment['ELECTRON_OVERRIDE_DIST_PATH']
  const folder = chosen === undefined || chosen === '' ? join(root, 'node_modules/electron/dist') : chosen
  const program = join(folder, electronProgram(platform))
  if (!existsSync(program)) return undefined
  if (chosen !== undefined && chosen !== '') return program
  try {
    // Its package writes path.txt last: without it, unpacking was cut short.
    const isWhole = existsSync(join(root, 'node_modules/electron/path.txt'))
    const version = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '')
    return isWhole && version === wantedElectron(root) ? program : undefined
  } catch {
    return undefined
  }
}
