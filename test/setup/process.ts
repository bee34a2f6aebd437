import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Takes one line of progress. */
export type Say = (line: string) => void

/** The path of a program on PATH, or undefined. */
export function onPath(name: string, path: string = process.env['PATH'] ?? ''): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isProgram)
}

/** Whether a path is a file that this user may run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/**
 * Runs a command to its end, gives its standard output, and says every ten seconds that it is still at work.
 * Throws with the last lines it wrote when it does not end well.
 */
export function runLoudly(say: Say, command: string, args: readonly string[], title: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-20_000)))
    const beat = setInterval(() => say(`${title}: at work, ${seconds(started)}`), 10_000)
    child.on('error', (error) => {
      clearInterval(beat)
      reject(new Error(`${command} did not start: ${error.message}`))
    })
    child.on('close', (code, signal) => {
      clearInterval(beat)
      if (code === 0) return resolve(output)
      const tail = `${output.slice(-2000)}\n${errors}`.trim().split('\n').slice(-12).join('\n')
      reject(new Error(`${command} ${args.slice(0, 3).join(' ')} ended with ${signal ?? code}:\n${tail}`))
    })
  })
}

/** The time since a `performance.now()`, in words: `12 s`. */
export function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}

/** Whether this is a build machine that we may install system packages on. */
export function mayInstallSystemPackages(): boolean {
  return process.env['CI'] === 'true' && process.getuid?.() === 0 && onPath('apt-get') !== undefined
}

/** Installs Debian packages; only where `mayInstallSystemPackages` says so. */
export async function aptInstall(say: Say, packages: readonly string[]): Promise<void> {
  const title = packages.join(', ')
  const quiet = ['DEBIAN_FRONTEND=noninteractive', 'apt-get']
  await runLoudly(say, 'env', [...quiet, 'update', '-q'], `${title}: package lists`)
  await runLoudly(say, 'env', [...quiet, 'install', '-q', '-y', ...packages], title)
}
