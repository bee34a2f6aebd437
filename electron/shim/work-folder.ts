import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A launch's folder of working files: how the shim, the terminal and the backend speak to each other across anyone's death. */
export type WorkFolder = {
  readonly folder: string
  /** What the command wrote, byte for byte. A terminal's output is all in `out`. */
  readonly out: string
  readonly err: string
  /** Lines `<time in ms> <bytes of out> <bytes of err>`: when each byte came, and in which order the two were written. */
  readonly times: string
  /** A JSON line each few seconds: what the tree of processes uses. */
  readonly samples: string
  readonly process: string
  readonly exit: string
  /** Which signals a person's "stop" has sent. */
  readonly stop: string
  /** Where the start-up hook leaves what it read. */
  readonly capture: string
}

/** The paths in a work folder. */
export function workFolder(folder: string): WorkFolder {
  return {
    folder,
    out: join(folder, 'out.log'),
    err: join(folder, 'err.log'),
    times: join(folder, 'times.log'),
    samples: join(folder, 'samples.jsonl'),
    process: join(folder, 'process.json'),
    exit: join(folder, 'exit.json'),
    stop: join(folder, 'stop.json'),
    capture: join(folder, 'capture'),
  }
}

/** Who watches, and what is watched: written before the command starts (without its pid) and again when it has. */
export type ProcessFile = {
  readonly shimPid: number
  readonly shimStarted: string
  readonly pid: number | null
  readonly started: string | null
  readonly at: number
}

/** How the command ended: its code or its signal; or why it never began. */
export type ExitFile = {
  readonly code: number | null
  readonly signal: string | null
  readonly endedAt: number
  readonly error: string | null
}

/** A line of `samples.jsonl`. Processor time and bytes are totals since the start. */
export type Sample = {
  readonly t: number
  readonly processes: number
  readonly cpu: number
  readonly resident: number
  readonly read: number | null
  readonly written: number | null
  readonly gpus?: readonly {
    readonly index: number
    readonly busy: number | null
    readonly used: number
    readonly total: number
    readonly ours: number
    readonly celsius?: number | null
  }[]
}

/** What the shim is told on its standard input, so that the child's environment, secrets included, is never on disk. */
export type ShimSpec = {
  readonly launch: string
  readonly command: readonly string[]
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly sample: boolean
  /** How to wake the backend: where its data are, and what to run when it is dead. */
  readonly backend: {
    readonly dataFolder: string
    readonly node: string
    readonly entry: string
    readonly port: number
  }
}

/** Writes JSON in one step: a reader sees the whole file or none. */
export function writeWhole(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}.tmp`
  const handle = openSync(draft, 'w', 0o600)
  try {
    writeSync(handle, `${JSON.stringify(value)}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(draft, file)
}

/** Room for the exit file, bytes. */
const ROOM = 4_096

/**
 * Takes room for the exit file while there is some: a disk that the command fills must not take its end with it. Answers how the file is then
 * written, in one step; that throws only where there was no room to begin with.
 */
export function reserveExit(work: WorkFolder): (exit: ExitFile) => void {
  const draft = `${work.exit}.${process.pid}.room`
  try {
    writeFileSync(draft, ' '.repeat(ROOM), { mode: 0o600 })
  } catch {
    // Full already, or gone.
  }
  return (exit) => {
    const text = Buffer.from(`${JSON.stringify(exit)}\n`)
    try {
      if (text.length > ROOM) throw new RangeError('The words of the end are longer than the room for them.')
      const handle = openSync(draft, 'r+')
      try {
        writeSync(handle, text)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      renameSync(draft, work.exit)
    } catch {
      rmSync(draft, { force: true })
      writeWhole(work.exit, exit)
    }
  }
}

/** The exit file; undefined while there is none. It is written in one step, so it is never half. */
export function readExit(work: WorkFolder): ExitFile | undefined {
  return read<ExitFile>(work.exit)
}

/** The process file; undefined while there is none. */
export function readProcess(work: WorkFolder): ProcessFile | undefined {
  return read<ProcessFile>(work.process)
}

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return undefined
  }
}
