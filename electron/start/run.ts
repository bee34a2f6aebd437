import { installation } from '#electron/platform/installation.ts'
import { dataFolder as ownDataFolder } from '#electron/platform/data-folder.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { chooseFace } from './choose-face.ts'
import type { DownloadWord } from './fetch-electron.ts'
import type { Flags } from './flags.ts'
import { runFace } from './run-face.ts'

/** What `npm start` does once everything is built. Resolves with the exit code. */
export async function run(flags: Flags): Promise<number> {
  const { root, backendEntry, build } = installation(import.meta.dirname)
  const dataFolder = ownDataFolder()
  const progress = progressLine()
  const face = await chooseFace({
    root,
    dataFolder,
    flags,
    platform: process.platform,
    environment: process.env,
    now: Date.now,
    onWord: progress.show,
  })
  progress.end()
  return runFace(face, { flags, dataFolder, backendEntry, build, words: [root] })
}

/** Shows a download in place on a terminal, in tenths elsewhere. */
function progressLine(): { readonly show: (word: DownloadWord) => void; readonly end: () => void } {
  const isTerminal = process.stdout.isTTY
  let tenth = -1
  let isOpen = false
  const end = (): void => {
    if (isOpen) process.stdout.write('\n')
    isOpen = false
  }
  return {
    end,
    show: (word) => {
      if (word.kind === 'unpacking') {
        end()
        process.stdout.write('Unpacking Electron…\n')
      }
      if (word.kind !== 'progress') return
      const { transferred, total } = word
      const now = total === null ? Math.floor(transferred / (10 << 20)) : Math.floor((10 * transferred) / total)
      const share = total === null ? '' : ` of ${formatBytes(total)}, ${Math.floor((100 * transferred) / total)} %`
      const text = `Downloading Electron: ${formatBytes(transferred)}${share}`
      if (isTerminal) process.stdout.write(`\r${text}\u001b[K`)
      else if (now !== tenth) process.stdout.write(`${text}\n`)
      isOpen = isTerminal
      tenth = now
    },
  }
}
