import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { identify } from '#electron/platform/process/identity.ts'
import { signalTree } from '#electron/platform/process/table.ts'
import { watchBackend } from './keep-backend.ts'
import { poke, wake } from './poke.ts'
import { startProblem } from './start-problem.ts'
import { startSampler } from './sampler.ts'
import { startTimeIndex } from './time-index.ts'
import { type ExitFile, reserveExit, type ShimSpec, workFolder, writeWhole } from './work-folder.ts'

/**
 * The process around a launched command: starts it with its output going straight into the log files, samples its tree, passes signals
 * on, writes how it ended, and wakes the backend. Told its work folder as the argument and the rest on its standard input. If it is
 * killed, the command goes on and only its exit code is lost.
 */
const work = workFolder(process.argv[2] ?? '')

async function readSpec(): Promise<ShimSpec | undefined> {
  const pieces: Buffer[] = []
  for await (const piece of process.stdin as AsyncIterable<Buffer>) pieces.push(piece)
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8')) as ShimSpec
  } catch {
    return undefined
  }
}

/** Takes signals from the first moment on; what came before there was a command is passed to it then. */
function takeSignals(): { readonly passTo: (pid: number) => void } {
  let to: number | undefined
  const early = new Set<NodeJS.Signals>()
  const onSignal = (signal: NodeJS.Signals): void => {
    if (to === undefined) early.add(signal)
    else signalTree({ pid: to }, signal)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  // A terminal that closes is no wish to end what runs in the background.
  process.on('SIGHUP', () => {})
  return {
    passTo(pid) {
      to = pid
      for (const signal of early) signalTree({ pid }, signal)
    },
  }
}

function run(spec: ShimSpec): void {
  const shim = identify(process.pid)
  const us = { shimPid: process.pid, shimStarted: shim?.started ?? '' }
  writeWhole(work.process, { ...us, pid: null, started: null, at: Date.now() })
  const writeExit = reserveExit(work)
  const out = openSync(work.out, 'a', 0o600)
  const err = openSync(work.err, 'a', 0o600)
  const times = startTimeIndex(work, { out, err })
  const stopWatching = watchBackend(spec.backend, spec.launch)
  let ended = false
  const end = async (exit: ExitFile): Promise<void> => {
    if (ended) return
    ended = true
    times.close()
    closeSync(out)
    closeSync(err)
    stopWatching()
    await keepTrying(() => writeExit(exit))
    if (!(await poke(spec.backend.dataFolder, spec.launch))) wake(spec.backend, spec.launch)
    process.exit(0)
  }
  const [program = '', ...given] = spec.command
  const refuse = (error: unknown): void =>
    void end({ signal: null, endedAt: Date.now(), ...startProblem(program, spec.folder, error) })
  let child: ChildProcess
  try {
    child = spawn(program, given, {
      cwd: spec.folder,
      env: spec.environment,
      detached: true,
      stdio: ['ignore', out, err],
    })
  } catch (error) {
    return refuse(error)
  }
  const { pid } = child
  child.on('error', (error) => pid === undefined && refuse(error))
  if (pid === undefined) return
  writeWhole(work.process, { ...us, pid, started: identify(pid)?.started ?? null, at: Date.now() })
  const sampler = spec.sample ? startSampler(work, pid) : undefined
  child.on('exit', (code, signal) => {
    sampler?.stop()
    void end({ code, signal, endedAt: Date.now(), error: null })
  })
  signals.passTo(pid)
}

const TRIES = 60
const BETWEEN = 5_000

/** On a full disk the end waits for room: it is all that is lost otherwise. */
async function keepTrying(work: () => void): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      return work()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, BETWEEN))
    }
  }
}

const signals = takeSignals()
mkdirSync(work.capture, { recursive: true, mode: 0o700 })
const spec = await readSpec()
if (spec === undefined) {
  // Whoever asked was killed while asking.
  const interrupted: ExitFile = {
    code: null,
    signal: null,
    endedAt: Date.now(),
    error: 'The launch was interrupted before the command began.',
  }
  writeWhole(work.exit, interrupted)
  process.exitCode = 1
} else {
  run(spec)
}
