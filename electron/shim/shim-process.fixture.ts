import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { ShimSpec } from './work-folder.ts'

/** For tests: a fresh folder under the system's temporary one, gone after the test. Links in its path are followed. */
export function temporaryFolder(word: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `benchtop-${word}-`)))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** For tests: resolves with the first truthy answer; throws the last words of `what` after 15 s. */
export async function until<T>(look: () => T | undefined | false, what = 'the state'): Promise<T> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`Waited too long for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** For tests: no backend is there to be woken, and nothing starts one. */
export function noBackend(folder: string): ShimSpec['backend'] {
  return { dataFolder: join(folder, 'no-data'), node: '/bin/false', entry: 'none', port: 1 }
}

/** For tests: a real shim around a real command. */
export function startShim(folder: string, spec: Partial<ShimSpec> & Pick<ShimSpec, 'command'>): ChildProcess {
  const shim = spawn(process.execPath, [fileURLToPath(new URL('./shim.ts', import.meta.url)), folder], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  })
  const whole: ShimSpec = {
    launch: 'test',
    folder,
    environment: process.env as Record<string, string>,
    sample: false,
    backend: noBackend(folder),
    ...spec,
  }
  shim.stdin?.end(JSON.stringify(whole))
  return shim
}

/** For tests: a file's text, empty while it is not there. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
