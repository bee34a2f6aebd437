import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pythonOutput } from '../../support/run-python.ts'

export type Told = Readonly<Record<string, unknown>>

/** Runs a script of `scripts/` in a folder of its own and gives what it printed behind each upper-case word. */
export async function runScript(python: string, name: string, args: readonly string[]): Promise<Told> {
  const cwd = mkdtempSync(join(tmpdir(), 'tour-'))
  try {
    const file = fileURLToPath(new URL(`../scripts/${name}.py`, import.meta.url))
    const text = await pythonOutput(python, [file, ...args], { cwd })
    return Object.fromEntries(
      [...text.matchAll(/^([A-Z]+) (.*)$/gm)].map(([, word, json]) => [word, JSON.parse(json ?? '')]),
    )
  } finally {
    rmSync(cwd, { recursive: true, force: true, maxRetries: 5 })
  }
}
