import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { writeFileAtomic } from '#electron/platform/atomic-file.ts'
import { type Bundle, BUILD_ID_FILE, BUNDLES, bundleOf, isOutsideBundles, pathFromRoot, stampFile } from './bundles.ts'
import { type BundleStamp, type FileHasher, fileHasher, hashOf, isFresh, type SeenFiles } from './stamp.ts'

export type BuildOptions = {
  readonly root: string
  /** Told once, before the first bundle is built. */
  readonly onStale?: (outputs: readonly string[]) => void
  readonly bundles?: readonly Bundle[]
}
export type BuildReport = {
  /** The build id: equal for equal bundles. Clients and backend compare it. */
  readonly id: string
  readonly built: readonly string[]
}

type Stamps = { readonly files: SeenFiles; readonly bundles: Readonly<Record<string, BundleStamp>> }

/** What decides how sources become bundles, besides the sources. */
const SETTINGS = [
  'package-lock.json',
  'package.json',
  'electron/vite.config.ts',
  'electron/start/build.ts',
  'electron/start/bundles.ts',
]

/** Builds the bundles whose sources have changed since they were built; a second call costs some file times. Throws with the bundler's words. */
export async function buildStale({ root, onStale, bundles = BUNDLES }: BuildOptions): Promise<BuildReport> {
  const known = readStamps(root)
  const hasher = fileHasher(root, known.files)
  const settings = hashOf(SETTINGS.map((file) => hasher.hash(file) ?? ''))
  const done = new Map<string, BundleStamp>()
  const built: string[] = []
  const failures: unknown[] = []
  const take = async (wave: readonly Bundle[]): Promise<void> => {
    const checked = wave.map((bundle) => ({ bundle, stamp: freshStamp(root, bundle, known, settings, hasher) }))
    const stale = checked.filter(({ stamp }) => stamp === undefined).map(({ bundle }) => bundle.output)
    if (stale.length > 0 && built.length === 0) onStale?.(stale)
    built.push(...stale)
    const stamps = await Promise.allSettled(
      checked.map(async ({ bundle, stamp }) => stamp ?? { settings, ...(await buildOne(root, bundle, hasher)) }),
    )
    const starts = new Set<string>()
    stamps.forEach((result, index) => {
      if (result.status === 'rejected') return void failures.push(result.reason)
      done.set(wave[index]?.output ?? '', result.value)
      for (const entry of result.value.starts) starts.add(entry)
    })
    const next = [...starts].map(bundleOf).filter(({ output }) => !done.has(output))
    if (next.length > 0) await take(next)
  }
  await asProduction(() => take(bundles))
  const ordered = [...done].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const stamps: Stamps = { files: hasher.seen(), bundles: Object.fromEntries(ordered) }
  // Also after a failure: what was built need not be built again.
  writeIfOther(stampFile(root), JSON.stringify(stamps))
  if (failures.length > 0) throw failures[0]
  const id = hashOf(ordered.flatMap(([output, { content }]) => [output, content])).slice(0, 12)
  writeIfOther(join(root, BUILD_ID_FILE), `${JSON.stringify({ build: id, version: versionOf(root) })}\n`)
  // The page asks for its own id where it came from, be that `app://` or loopback.
  if (done.has('build/page')) {
    writeIfOther(join(root, 'build/page/build-id.json'), readFileSync(join(root, BUILD_ID_FILE), 'utf8'))
  }
  return { id, built }
}

/** The bundler takes NODE_ENV for its mode: under a test runner it would make bundles for development, which the next start would open. */
async function asProduction(work: () => Promise<void>): Promise<void> {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    await work()
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}

function freshStamp(
  root: string,
  bundle: Bundle,
  known: Stamps,
  settings: string,
  hasher: FileHasher,
): BundleStamp | undefined {
  const stamp = known.bundles[bundle.output]
  const inputs = bundle.kind === 'page' ? pageInputs(root) : undefined
  const there = existsSync(join(root, bundle.output, bundle.kind === 'page' ? 'index.html' : ''))
  return there && isFresh(stamp, settings, inputs, hasher) ? stamp : undefined
}

async function buildOne(root: string, bundle: Bundle, hasher: FileHasher): Promise<Omit<BundleStamp, 'settings'>> {
  if (!existsSync(join(root, bundle.entry)))
    throw new Error(`There is no ${bundle.entry} to build ${bundle.output} from.`)
  return bundle.kind === 'page' ? buildPage(root, hasher) : buildNode(root, bundle, hasher)
}

async function buildNode(root: string, bundle: Bundle, hasher: FileHasher): Promise<Omit<BundleStamp, 'settings'>> {
  const [{ build }, { nodeBundle }] = await Promise.all([import('vite'), import('../vite.config.ts')])
  const traced = { inputs: new Map<string, string>(), starts: new Set<string>() }
  const result = await build(nodeBundle(root, bundle, traced))
  const [chunk, ...more] = 'output' in result ? result.output : []
  if (chunk?.type !== 'chunk' || more.length > 0) throw new Error(`${bundle.output} did not become one file.`)
  writeFileAtomic(join(root, bundle.output), chunk.code)
  // Their times, so that the next start need not read them. Their hashes are those of the text that the bundler got.
  for (const file of traced.inputs.keys()) hasher.hash(file)
  return {
    inputs: Object.fromEntries([...traced.inputs].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    starts: [...traced.starts].toSorted(),
    content: hashOf([chunk.code]),
  }
}

async function buildPage(root: string, hasher: FileHasher): Promise<Omit<BundleStamp, 'settings'>> {
  const inputs = hashes(pageInputs(root), hasher)
  const { build } = await import('vite')
  const place = join(root, 'build', 'page')
  const draft = `${place}.${process.pid}`
  try {
    await build({
      configFile: join(root, 'renderer', 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: draft, emptyOutDir: true },
    })
    const files = filesIn(draft).map((file) => [pathFromRoot(draft, file), readFileSync(file)] as const)
    replaceFolder(draft, place)
    return { inputs, starts: [], content: hashOf(files.flat()) }
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** Puts a folder in the place of another, also while a second build does the same. */
function replaceFolder(from: string, to: string): void {
  for (let tries = 3; ; tries--) {
    rmSync(to, { recursive: true, force: true })
    try {
      return renameSync(from, to)
    } catch (error) {
      if (tries === 0) throw error
    }
  }
}

function pageInputs(root: string): readonly string[] {
  const rooms = ['renderer', 'shared'].flatMap((room) => filesIn(join(root, room)))
  return rooms.map((file) => pathFromRoot(root, file)).filter((file) => !isOutsideBundles(file))
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

function hashes(files: readonly string[], hasher: FileHasher): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map((file) => [file, hasher.hash(file) ?? '']))
}

function readStamps(root: string): Stamps {
  try {
    const { files, bundles } = JSON.parse(readFileSync(stampFile(root), 'utf8')) as Partial<Stamps>
    return { files: files ?? {}, bundles: bundles ?? {} }
  } catch {
    return { files: {}, bundles: {} }
  }
}

function versionOf(root: string): string {
  return String((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: unknown }).version)
}

/** Leaves an equal file alone, so that a checkout on a read-only disk still starts. */
function writeIfOther(file: string, content: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return
  writeFileAtomic(file, content)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const begun = performance.now()
  try {
    const { id, built } = await buildStale({ root })
    for (const output of built) process.stdout.write(`${output}\n`)
    process.stdout.write(`build ${id}, ${built.length} of it new, ${Math.round(performance.now() - begun)} ms\n`)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
