import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImportNote, ImportReport } from '#shared/contract/imports.ts'
import { type BenchtopContract, contract } from '#shared/contract/index.ts'
import { clientOf } from '#shared/rpc/client.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { startTestBackend } from '#electron/backend/backend.fixture.ts'
import { openServer } from '#electron/features/imports/mlflow-server/index.ts'
import type { ImportSource } from '#electron/features/imports/source.ts'
import { postCaller } from '#electron/transport/post-caller.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { eventually } from '#test/setup/eventually.ts'
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
  const readBoth = async (url: string, name: string, untilStill?: () => Promise<void>) => {
    const cwd = join(folder, name)
    mkdirSync(cwd)
    await pythonOutput(mlflow, [script('make_everything.py'), url], { cwd })
    await untilStill?.()
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
      expect(Object.keys(whole.runs)).toHaveLength(11)
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

  it('of ours gives what the real client reads there, and a project that takes it in tells the real client the same', async () => {
    // One takes nothing in from itself.
    const [ours, theirs] = [await startTestBackend(), await startTestBackend()]
    try {
      const client = clientOf(contract, postCaller(ours.backend))
      const project = async ({
        root,
        backend,
      }: typeof ours): Promise<{ readonly id: string; readonly url: string }> => {
        mkdirSync(join(root, 'runs'))
        const { id } = await clientOf(contract, postCaller(backend)).projects.open({ folder: join(root, 'runs') })
        return { id, url: `${backend.url}/p/${id}` }
      }
      const [from, to] = [await project(theirs), await project(ours)]
      // A client that has ended takes its open runs with it, somewhat later: one reader must not find them open, and the next closed.
      const untilStill = (): Promise<void> =>
        eventually(async () => {
          const asked = { project: from.id, filter: 'status = "running"', columns: [], limit: 1 }
          expect((await clientOf(contract, postCaller(theirs.backend)).runs.table(asked)).rows).toEqual([])
        })
      const { expected, whole, notes, counts, again, texts } = await readBoth(from.url, 'ours', untilStill)
      expect(loosened(whole)).toEqual(loosened(expected))
      expect(Object.keys(whole.runs)).toHaveLength(11)
      expect(whole.registered['greet']).toMatchObject({ tags: { [PROMPT]: 'true' } })
      expect(counts).toEqual({ logged: 2, registered: 3, versions: 4 })
      expect(again).toBe(true)
      expect(texts).toEqual(['hello'])
      expect(notes).toEqual([])

      const came = await takeIn(client, to.id, from.url)
      expect(came).toMatchObject({
        outcome: 'done',
        problem: null,
        came: { runs: 11, loggedModels: 2, registeredModels: 3 },
      })
      const output = await pythonOutput(mlflow, [script('read_store.py'), to.url, '--files'], { cwd: folder })
      expect(movedHere(JSON.parse(output) as typeof expected)).toEqual(movedHere(expected))
      expect(await takeIn(client, to.id, from.url)).toMatchObject({
        knownRuns: 11,
        came: { runs: 0, updatedRuns: 0, copiedFiles: 0 },
      })
    } finally {
      await ours.close()
      await theirs.close()
    }
  })

  it('that is the Benchtop itself which is asked is refused, whatever name it is called by', async () => {
    const ours = await startTestBackend()
    try {
      const client = clientOf(contract, postCaller(ours.backend))
      mkdirSync(join(ours.root, 'runs'))
      const { id } = await client.projects.open({ folder: join(ours.root, 'runs') })
      for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
        const url = `${ours.backend.url.replace('127.0.0.1', name)}/p/${id}`
        expect(await takeIn(client, id, url)).toMatchObject({
          outcome: 'failed',
          problem: expect.stringContaining('is this Benchtop itself') as string,
        })
      }
    } finally {
      await ours.close()
    }
  })
})

/** Without where files lay, which is in the project now, and without the birthday of the experiment that each project has by itself. */
function movedHere(whole: Awaited<ReturnType<typeof readWhole>>) {
  const experiments = Object.entries(whole.experiments).map(([id, about]) => {
    const {
      location: _location,
      createdAt,
      ...rest
    } = about as { readonly location: unknown; readonly createdAt: unknown }
    return [id, { ...rest, createdAt: id === '0' ? null : createdAt }]
  })
  return loosened({ ...whole, experiments: Object.fromEntries(experiments) as unknown })
}

async function takeIn(client: Client<BenchtopContract>, project: string, location: string): Promise<ImportReport> {
  const { job } = await client.imports.start({ project, location })
  for await (const event of client.imports.follow({ project, job })) if (event.type === 'report') return event.report
  throw new Error('no report')
}

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
        const text = await new Response((await artifacts.files.read(path, signal)).body).text()
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
