import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export type Flags = {
  /** What was asked for; null leaves the choice to what the machine has. */
  readonly face: 'browser' | 'desktop' | null
  readonly host: string | null
  readonly port: number | null
  /** Absolute. */
  readonly project: string | null
  readonly help: boolean
}

/** The usage of `npm start --`, or of an installed `benchtop`. */
export const helpFor = (command: string): string => `Usage: ${command} [options]

Opens Benchtop: a desktop window where Electron can run, the browser elsewhere.

  --browser         open in the browser
  --desktop         open the window; tries again to fetch Electron where that failed before
  --host ADDRESS    listen on this address instead of 127.0.0.1 (browser)
  --port N          listen on this port instead of 5080 (browser)
  --project DIR     show the project in this folder
  --help            this text
`

/** Reads the flags of `npm start`. Throws an Error with a sentence for the person. */
export function parseFlags(words: readonly string[], workingDirectory: string): Flags {
  const { values } = parseArgs({
    args: [...words],
    options: {
      browser: { type: 'boolean' },
      desktop: { type: 'boolean' },
      host: { type: 'string' },
      port: { type: 'string' },
      project: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const { browser = false, desktop = false, help = false } = values
  const listens = values.host !== undefined || values.port !== undefined
  if (desktop && browser) throw new Error('--desktop and --browser exclude each other.')
  if (desktop && listens) throw new Error('--host and --port belong to the browser: leave out --desktop.')
  const port = values.port === undefined ? null : Number(values.port)
  if (port !== null && (!/^\d+$/.test(values.port ?? '') || port > 65_535)) {
    throw new Error(`--port takes a number from 0 to 65535, not "${values.port}".`)
  }
  if (values.host === '') throw new Error('--host takes an address.')
  if (values.project === '') throw new Error('--project takes a folder.')
  return {
    face: desktop ? 'desktop' : browser || listens ? 'browser' : null,
    host: values.host ?? null,
    port,
    project: values.project === undefined ? null : resolve(workingDirectory, values.project),
    help,
  }
}
