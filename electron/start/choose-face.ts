import { dirname } from 'node:path'
import { findElectron, wantedElectron } from './electron-binary.ts'
import { type DownloadWord, fetchElectron } from './fetch-electron.ts'
import type { Flags } from './flags.ts'
import { hasDisplay } from '#electron/platform/open-address.ts'
import { rememberedRefusal, rememberRefusal } from './remembered.ts'
import { sandboxProblem } from './sandbox.ts'

/** `why` is a sentence for the person, null where they asked for the browser. */
export type Face =
  | { readonly kind: 'browser'; readonly why: string | null }
  | { readonly kind: 'desktop'; readonly electron: string }

export type FaceOptions = {
  readonly root: string
  readonly dataFolder: string
  readonly flags: Flags
  readonly platform: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly now: () => number
  readonly onWord: (word: DownloadWord) => void
  readonly fetch?: typeof fetchElectron
  readonly sandbox?: typeof sandboxProblem
}

/** Milliseconds for the first byte of Electron's program: a start must not wait for a network that says nothing. */
const PATIENCE = { first: 2_000, asked: 30_000 }

/** Decides between window and browser, and fetches Electron where that is what is missing. */
export async function chooseFace(options: FaceOptions): Promise<Face> {
  const { root, dataFolder, flags, platform, environment, now, onWord } = options
  if (flags.face === 'browser') return { kind: 'browser', why: null }
  if (!hasDisplay(platform, environment)) {
    return { kind: 'browser', why: 'There is no display here, so Benchtop runs in the browser.' }
  }
  let electron = findElectron(root, environment, platform)
  if (electron === undefined) {
    const version = wantedElectron(root)
    const remembered = flags.face === 'desktop' ? undefined : rememberedRefusal(dataFolder, version, now())
    const patience = flags.face === 'desktop' ? PATIENCE.asked : PATIENCE.first
    const reason = remembered ?? (await (options.fetch ?? fetchElectron)({ root, patience, onWord }))
    electron = reason === null ? findElectron(root, environment, platform) : undefined
    if (electron === undefined) {
      const said = reason ?? 'its program is not where it should be'
      if (remembered === undefined) rememberRefusal(dataFolder, version, said, now())
      const when = remembered === undefined ? '' : ', asked within a day'
      return {
        kind: 'browser',
        why: `The desktop window needs Electron, which cannot be had here (${said}${when}): opening in the browser. npm start -- --desktop tries again.`,
      }
    }
  }
  const problem = (options.sandbox ?? sandboxProblem)(dirname(electron))
  if (problem === null) return { kind: 'desktop', electron }
  return {
    kind: 'browser',
    why: `Opening in the browser, because ${problem.reason}. To have the window: ${problem.fix}`,
  }
}
