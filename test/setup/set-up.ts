/**
 * Brings what the tests need: `node test/setup/set-up.ts [part ...]`. Instant when all is there.
 *
 * Ends with 1 when a part is missing and BENCHTOP_REQUIRE_ALL is set; else says its name and ends with 0.
 */
import { mkdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { cacheFolder, dropStamp, writeStamp } from './cache.ts'
import { withLock } from './lock.ts'
import { parts, type Part } from './parts.ts'
import { seconds, type Say } from './process.ts'

/** What a set-up came to: the names of the parts it could not get. */
export type SetUp = { readonly missing: readonly string[] }

/** Finds or installs each part, one after the other, and stamps it for the tests to find. */
export async function setUp(folder: string, wanted: readonly Part[], say: Say): Promise<SetUp> {
  mkdirSync(folder, { recursive: true })
  const missing: string[] = []
  for (const part of wanted) {
    const started = performance.now()
    try {
      const there = part.find(folder)
      const stamp = there ?? (await withLock(folder, say, async () => part.find(folder) ?? part.install(folder, say)))
      writeStamp(folder, part.name, stamp)
      say(`${part.name}: ${stamp.version} (${stamp.path})${there ? '' : `, installed in ${seconds(started)}`}`)
    } catch (error) {
      dropStamp(folder, part.name)
      missing.push(part.name)
      say(`${part.name}: could not be had: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { missing }
}

/** Sets up the named parts, or all, and says which could not be had. */
export async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name))
  if (unknown.length > 0) {
    console.error(`No such part: ${unknown.join(', ')}. There are ${parts.map((part) => part.name).join(', ')}.`)
    return 2
  }
  const folder = cacheFolder()
  console.log(`What the tests need is kept in ${folder}`)
  const wanted = parts.filter((part) => names.length === 0 || names.includes(part.name))
  const { missing } = await setUp(folder, wanted, (line) => console.log(`  ${line}`))
  if (missing.length === 0) return 0
  const strict = process.env['BENCHTOP_REQUIRE_ALL'] === '1'
  console.log(
    `Could not be had: ${missing.join(', ')}; tests that need them ${strict ? 'fail' : 'are skipped by name'}.`,
  )
  return strict ? 1 : 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await main(process.argv.slice(2))
}
