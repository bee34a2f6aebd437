import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImportNote } from '#shared/contract/imports.ts'
import { startTestBackend } from '#electron/backend/backend.fixture.ts'
import { openServer } from '#electron/features/imports/mlflow-server/index.ts'
import type { ImportSource } from '#electron/features/imports/source.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { startRealServer } from '../mlflow/support/real-server.ts'
import { pythonOutput } from '../support/run-python.ts'
import { loosened, PROMPT, readWhole } from './support/whole-source.ts'

const script = (name: string): string => fileURLToPath(new URL(`scripts/${name}`, import.meta.url))
const { signal } = new AbortController()

describeWith(['mlflow'], 'a tracking server', ({ mlflow }) => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'benchtop-servers-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Logs some of everything there, and reads it with the real client and with ours. */
  const readBoth = async (url: string, name: string) => {
    const cwd = join(folder, name)
    mkdirSync(cwd)
    await pythonOutput(mlflow, [script('make_everything.py'), url], { cwd })
    const output = await pythonOutput(mlflow, [script('read_store.py'), url, '--files'], { cwd })
    const expected = JSON.parse(output) as Awaited<ReturnType<typeof readWhole>>
    const notes: ImportNote[] = []
    const source = await openServer(url, { notice: (note) => notes.push(note) })
    try {
      const whole = await readWhole(source)
      return { expected, whole, notes, ...(await aboutOf(source)) }
    } finally {
      await source.close()
    }
  }

  it('of MLflow gives what its own client reads there', async () => {
    const server = await startRealServer(mlflow)
    try {
      const { expected, whole, notes, counts, era, again, texts } = await readBoth(server.url, 'real')
      expect(loosened(whole)).toEqual(loosened(expected))
      expect(Object.keys(whole.runs)).toHaveLength(10)
      expect(whole.registered['greet']).toMatchObject({ tags: { [PROMPT]: 'true' } })
      expect(counts).toEqual({ logged: 2, registered: 3, versions: 4 })
      expect(era).toMatch(/^MLflow \d+\.\d+/)
      expect(again).toBe(true)
      expect(texts).toEqual(['hello'])
      expect(notes).toEqual([])
    } finally {
      await server.close()
    }
  })

  it('of ours gives what the real client reads there', async () => {
    const ours = await startTestBackend()
    try {
      const { expected, whole, notes, counts, again, texts } = await readBoth(ours.backend.url, 'ours')
      expect(loosened(whole)).toEqual(loosened(expected))
      expect(Object.keys(whole.runs)).toHaveLength(10)
      expect(whole.registered['greet']).toMatchObject({ tags: { [PROMPT]: 'true' } })
      expect(counts).toEqual({ logged: 2, registered: 3, versions: 4 })
      expect(again).toBe(true)
      expect(texts).toEqual(['hello'])
      expect(notes).toEqual([])
    } finally {
      await ours.close()
    }
  })
})

/** What else is asked: counts, whether fingerprints stay, and the texts of the logged text files that the server hands out. */
async function aboutOf(source: ImportSource) {
  const fingerprints = async (): Promise<readonly string[]> => {
    const found: string[] = []
    for (const { id } of await source.experiments(signal))
      for await (const run of source.runs(id, signal)) found.push(run.id + run.fingerprint)
    return found
  }
  const first = await fingerprints()
  const texts: string[] = []
  for (const { id } of await source.experiments(signal))
    for await (const run of source.runs(id, signal)) {
      const { artifacts } = await source.contents(run, signal)
      if (artifacts.at !== 'server') continue
      for await (const { path, size } of artifacts.files.list(signal)) {
        if (!path.endsWith('.txt')) continue
        const text = await new Response(await artifacts.files.read(path, signal)).text()
        expect(size).toBe(text.length)
        texts.push(text)
      }
    }
  return {
    counts: await source.modelCounts(signal),
    era: source.era,
    again: JSON.stringify(first) === JSON.stringify(await fingerprints()),
    texts: texts.toSorted(),
  }
}
