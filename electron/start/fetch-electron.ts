import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What the downloading process says. Sizes in bytes. */
export type DownloadWord =
  | { readonly kind: 'progress'; readonly transferred: number; readonly total: number | null }
  | { readonly kind: 'unpacking' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }

export type FetchOptions = {
  readonly root: string
  /** Milliseconds to the first byte; after it, a download may pause for `STALL`. */
  readonly patience: number
  readonly onWord: (word: DownloadWord) => void
  /** The script of the downloading process. */
  readonly script?: string
}

const STALL = 30_000
const UNPACKING = 120_000

/** Has Electron's package fetch its program. Resolves with null once it is there, else with the reason why it is not. */
export function fetchElectron({ root, patience, onWord, script }: FetchOptions): Promise<string | null> {
  return new Promise((resolve) => {
    const child = fork(script ?? fileURLToPath(new URL('./electron-download.ts', import.meta.url)), [root], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    let timer: NodeJS.Timeout | undefined
    const end = (reason: string | null): void => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      resolve(reason)
    }
    const wait = (milliseconds: number, reason: string): void => {
      clearTimeout(timer)
      timer = setTimeout(end, milliseconds, reason)
    }
    wait(patience, `no answer within ${patience / 1_000} s`)
    child.on('error', (error) => end(error.message))
    child.on('exit', (code) => end(`the download ended with code ${code}`))
    child.on('message', (word: DownloadWord) => {
      onWord(word)
      if (word.kind === 'done') end(null)
      else if (word.kind === 'failed') end(word.reason)
      else if (word.kind === 'unpacking') wait(UNPACKING, 'unpacking took too long')
      else wait(STALL, `the download stood still for ${STALL / 1_000} s`)
    })
  })
}
