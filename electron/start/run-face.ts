import { AppError } from '#shared/rpc/errors.ts'
import type { Face } from './choose-face.ts'
import type { Flags } from './flags.ts'
import { openBrowser } from './open-browser.ts'
import { runDesktop } from './run-desktop.ts'

export type FaceParts = {
  readonly flags: Flags
  readonly dataFolder: string
  readonly backendEntry: string
  readonly build: string | null
  /** What Electron is started with: in a clone the app's folder. */
  readonly words: readonly string[]
}

/** Opens the face that was chosen; a window that never comes up becomes a page in the browser. Resolves with the exit code. */
export async function runFace(
  face: Face,
  { flags, dataFolder, backendEntry, build, words }: FaceParts,
): Promise<number> {
  const write = (line: string): void => void process.stdout.write(`${line}\n`)
  if (face.kind === 'desktop') {
    const project = flags.project === null ? [] : ['--project', flags.project]
    const end = await runDesktop({ electron: face.electron, words: [...words, ...project], node: process.execPath })
    if (end.kind === 'closed') return end.code
    if (end.kind === 'handed-over') {
      write('Benchtop is open already: its window is in front.')
      return 0
    }
    write(`The desktop window did not start (${end.reason}): opening in the browser.`)
  } else if (face.why !== null) write(face.why)
  try {
    await openBrowser({
      flags,
      dataFolder,
      node: process.execPath,
      backendEntry,
      build,
      write,
      environment: process.env,
    })
    return 0
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    process.stderr.write(`${[error.message, error.hint].filter(Boolean).join('\n')}\n`)
    return 1
  }
}
