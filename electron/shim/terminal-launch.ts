import type { ExitFile, ShimSpec } from './work-folder.ts'

export type TerminalLaunch = {
  readonly launch: string
  readonly command: readonly string[]
  readonly folder: string
  /** The child's whole environment: the terminal's own with the launch's variables over it. */
  readonly environment: Readonly<Record<string, string>>
  readonly workFolder: string
  readonly sample: boolean
  readonly backend: ShimSpec['backend']
}

/** How the command ended. Either `code` or `signal` is set; both are null only when it never began. */
export type TerminalEnd = Pick<ExitFile, 'code' | 'signal' | 'error'>

/** A started child: how it ended, and the pid by which it is sampled. */
export type TerminalChild = { readonly pid: number | null; readonly ended: Promise<TerminalEnd> }
