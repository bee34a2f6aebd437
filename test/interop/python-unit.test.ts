import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeWith } from '../setup/describe-with.ts'

const folder = fileURLToPath(new URL('../../resources/python', import.meta.url))
const modules = readdirSync(`${folder}/benchtop_tests`)
  .filter((name) => /^test_\w+\.py$/.test(name))
  .map((name) => `benchtop_tests.${name.slice(0, -'.py'.length)}`)

type Outcome = { readonly code: number | null; readonly output: string; readonly skipped: readonly string[] }

/** Runs a Python test module with unittest; the names of what it skipped are read from what it prints. */
function unittest(python: string, name: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
    const child = spawn(python, ['-m', 'unittest', '-v', name], { cwd: folder, env: environment, stdio: 'pipe' })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => {
      const skipped = [...output.matchAll(/^(test_\w+) .*skipped /gm)].map(([, test]) => test ?? '')
      resolve({ code, output, skipped })
    })
  })
}

// Each skip is known by name, so that none creeps in: torch has its own environment below, typer is in none of the pins.
const skips: Readonly<Record<string, readonly string[]>> = { 'benchtop_tests.test_hook': ['test_torch', 'test_typer'] }

describeWith(['python'], 'the Python parts', ({ python }) => {
  it.each(modules)('%s', async (name) => {
    const { code, output, skipped } = await unittest(python, name)
    expect(code, output).toBe(0)
    expect(output).toMatch(/^Ran [1-9]\d* tests? in/m)
    expect([...skipped].toSorted()).toEqual(skips[name] ?? [])
  })
})

describeWith(['torch'], 'the Python parts beside PyTorch', ({ torch }) => {
  it('sees its seeds and changes none of its numbers', async () => {
    const { code, output, skipped } = await unittest(torch, 'benchtop_tests.test_hook.Seeds.test_torch')
    expect(code, output).toBe(0)
    expect(skipped).toEqual([])
  })
})
