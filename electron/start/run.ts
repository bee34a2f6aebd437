import { installation } from '#electron/platform/installation.ts'
import { dataFolder as ownDataFolder } from '#electron/platform/data-folder.ts'
import { AppError } from '#shared/rpc/errors.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { chooseFace } from './choose-face.ts'
import type { DownloadWord } from './fetch-electron.ts'
import type { Flags } from './flags.ts'
import { openBrowser } from './open-browser.ts'
import { runDesktop } from './run-desktop.ts'

/** What `npm start` does once everything is built. Resolves with the exit code. */
export async function run(flags: Flags): Promise<number> {
  const { root, backendEntry, build } = installation(import.meta.dirname)
  const dataFolder = ownDataFolder()
  const write = (line: string): void => void process.stdout.write(`${line}\n`)
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
  if (face.kind === 'desktop') {
    const words = [root, ...(flags.project === null ? [] : ['--project', flags.project])]
    const end = await runDesktop({ electron: face.electron, words, node: process.execPath })
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
