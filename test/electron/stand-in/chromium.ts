import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The Chromium that stands in for Electron's own; undefined where there is none. */
export function findChromium(): string | undefined {
  const known = [process.env['BENCHTOP_CHROMIUM'], '/usr/bin/chromium', chromium.executablePath()]
  return known.find((file) => file !== undefined && file !== '' && existsSync(file))
}

/** Starts it. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('No Chromium: set BENCHTOP_CHROMIUM, or install one.')
  return chromium.launch({ executablePath, args: FLAGS })
}
