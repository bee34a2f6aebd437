import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildStale } from './build.ts'
import { type Flags, helpFor, parseFlags } from './flags.ts'
import type { run as Run } from './run.ts'

/** `npm start`: builds what is stale, then goes on in the bundle, which starts in a tenth of the time that the sources take. */
const root = fileURLToPath(new URL('../../', import.meta.url))
process.exitCode = await start(process.argv.slice(2))

async function start(words: readonly string[]): Promise<number> {
  let flags: Flags
  try {
    // npm runs scripts in the project's folder; INIT_CWD is where the person is.
    flags = parseFlags(words, process.env['INIT_CWD'] ?? process.cwd())
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${helpFor('npm start --')}`)
    return 2
  }
  if (flags.help) {
    process.stdout.write(helpFor('npm start --'))
    return 0
  }
  try {
    await buildStale({ root, onStale: () => process.stdout.write('Building Benchtop…\n') })
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
  const bundle = pathToFileURL(join(root, 'build', 'start', 'run.js')).href
  const { run } = (await import(bundle)) as { readonly run: typeof Run }
  return run(flags)
}
