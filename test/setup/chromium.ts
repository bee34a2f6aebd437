import { execFileSync } from 'node:child_process'
import type { Stamp } from './cache.ts'
import type { Part } from './parts.ts'
import { aptInstall, isProgram, mayInstallSystemPackages, onPath, runLoudly, type Say } from './process.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const macPlaces = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The browser that shows the page in tests: a named one, the system's, or Playwright's own. */
export const chromiumPart: Part = {
  name: 'chromium',
  find: () => findChromium(process.env),
  install: async (_folder, say) => {
    if (mayInstallSystemPackages()) {
      await aptInstall(say, ['chromium'])
      const found = findChromium(process.env)
      if (found === undefined) throw new Error('the package chromium was installed but no browser starts')
      return found
    }
    return await installByPlaywright(say)
  },
}

/**
 * Looks at BENCHTOP_CHROMIUM, then where systems keep Chromium or Chrome. A named browser that does not start is an
 * error rather than passed over, so that nobody tests in another browser than the one they asked for.
 */
export function findChromium(environment: NodeJS.ProcessEnv): Stamp | undefined {
  const named = environment['BENCHTOP_CHROMIUM']
  if (named) {
    const stamp = isProgram(named) ? tryVersion(named) : undefined
    if (stamp === undefined) throw new Error(`BENCHTOP_CHROMIUM names ${named}, which does not start`)
    return stamp
  }
  const places = [...names.map((name) => onPath(name, `${environment['PATH'] ?? ''}:/usr/bin`)), ...macPlaces]
  for (const place of places) {
    const stamp = place !== undefined && isProgram(place) ? tryVersion(place) : undefined
    if (stamp !== undefined) return stamp
  }
  return undefined
}

async function installByPlaywright(say: Say): Promise<Stamp> {
  const cli = new URL('../../node_modules/playwright/cli.js', import.meta.url).pathname
  await runLoudly(say, process.execPath, [cli, 'install', 'chromium'], 'chromium')
  const { chromium } = await import('playwright')
  const stamp = tryVersion(chromium.executablePath())
  if (stamp === undefined)
    throw new Error(`Playwright's Chromium does not start; install Chromium, or name one in BENCHTOP_CHROMIUM`)
  return stamp
}

function tryVersion(path: string): Stamp | undefined {
  try {
    const output = execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return { path, version: output.trim().split('\n').at(-1) ?? '' }
  } catch {
    return undefined
  }
}
