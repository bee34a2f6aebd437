import { join } from 'node:path'
import { app } from 'electron'
import { z } from 'zod'
import { dataFolder } from '#electron/platform/data-folder.ts'
import { readJsonFile } from '#electron/platform/json-file.ts'

/** Where the parts of the app lie, in a clone and once installed. */
export type Place = {
  readonly page: string
  readonly preload: string
  /** The Node that runs the backend: Electron's own is fused off. */
  readonly node: string
  readonly backendEntry: string
  /** What opens an installed app in the browser. */
  readonly browserEntry: string
  readonly icon: string
  readonly dataFolder: string
  readonly build: string
}

const Build = z.object({ build: z.string() })

/**
 * Finds them. An installed app keeps all that plain Node must read beside its archive; in a clone `npm start` says which Node it
 * runs on itself.
 */
export function findPlace(): Place {
  const root = app.getAppPath()
  const outside = root.replace(/app\.asar$/, 'app.asar.unpacked')
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  return {
    page: join(outside, 'build', 'page'),
    preload: join(root, 'build', 'preload', 'preload.cjs'),
    node: app.isPackaged
      ? join(process.resourcesPath, 'node', 'bin', program)
      : (process.env['BENCHTOP_NODE'] ?? 'node'),
    backendEntry: join(outside, 'build', 'backend', 'serve.js'),
    browserEntry: join(outside, 'build', 'start', 'installed.js'),
    icon: join(outside, 'resources', 'icons', 'icon.png'),
    dataFolder: dataFolder(),
    build: readJsonFile(join(outside, 'build', 'build-id.json'), Build)?.build ?? 'unknown',
  }
}
