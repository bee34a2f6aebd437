import { join } from 'node:path'
import { dataFolder as ownDataFolder } from '#electron/platform/data-folder.ts'
import { installation } from '#electron/platform/installation.ts'
import { type Flags, helpFor, parseFlags } from './flags.ts'
import { hasDisplay } from '#electron/platform/open-address.ts'
import { runFace } from './run-face.ts'
import { sandboxProblem } from './sandbox.ts'

/** An installed Linux app's start, before Electron's: the window where its sandbox can start, the browser elsewhere. */
process.exitCode = await start(process.argv.slice(2))

async function start(words: readonly string[]): Promise<number> {
  let flags: Flags
  try {
    // An AppImage adds --no-sandbox where it finds no user namespaces: that is never passed on.
    flags = parseFlags(
      words.filter((word) => word !== '--no-sandbox'),
      process.cwd(),
    )
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${helpFor('benchtop')}`)
    return 2
  }
  if (flags.help) {
    process.stdout.write(helpFor('benchtop'))
    return 0
  }
  const { root, backendEntry, build } = installation(import.meta.dirname)
  // <app>/resources/app.asar.unpacked
  const app = join(root, '..', '..')
  const problem = sandboxProblem(app)
  const why =
    flags.face === 'browser'
      ? null
      : !hasDisplay(process.platform, process.env)
        ? 'There is no display here, so Benchtop runs in the browser.'
        : problem === null
          ? undefined
          : `Opening in the browser, because ${problem.reason}. To have the window: ${problem.fix}`
  return runFace(
    why === undefined ? { kind: 'desktop', electron: join(app, 'benchtop-window') } : { kind: 'browser', why },
    { flags, dataFolder: ownDataFolder(), backendEntry, build, words: [] },
  )
}
