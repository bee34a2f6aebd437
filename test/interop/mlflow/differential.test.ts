import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBackend, type TestBackend } from '#electron/backend/backend.fixture.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { artifacts } from './dialogue/artifacts.ts'
import { experiments, searchExperiments } from './dialogue/experiments.ts'
import { inputs, loggedModels } from './dialogue/inputs.ts'
import { batches, histories, logging } from './dialogue/logging.ts'
import { mistakes } from './dialogue/mistakes.ts'
import { randomRegistry } from './dialogue/random-registry.ts'
import { randomSearches } from './dialogue/random-searches.ts'
import { modelVersions, registeredModels, searchRegistry } from './dialogue/registry.ts'
import { forms, runs } from './dialogue/runs.ts'
import { searchRuns } from './dialogue/search-runs.ts'
import { wholeNumbers } from './dialogue/whole-numbers.ts'
import { wholeTimes } from './dialogue/whole-times.ts'
import { createPeer, likeTheirs } from './support/peer.ts'
import { type RealServer, startRealServer } from './support/real-server.ts'
import { runScript } from './support/tour.ts'

const TOPICS = {
  experiments,
  searchExperiments,
  runs,
  forms,
  logging,
  batches,
  histories,
  wholeNumbers,
  wholeTimes,
  searchRuns,
  inputs,
  loggedModels,
  artifacts,
  registeredModels,
  modelVersions,
  searchRegistry,
  randomSearches,
  randomRegistry,
  mistakes,
}

/** Parts of MLflow that this server says it does not have: traces and what is said about them, prompts, evaluation datasets, webhooks, workspaces, MCP servers. */
const ELSEWHERE =
  /prompt|trace|span|assessment|feedback|issue|session|webhook|workspace|mcp|^(?:create|get|delete|search)_datasets?$|dataset_tag|_experiments$|_dataset_/

/** What asks a server nothing, needs a Databricks account, or measures this machine (`test/e2e/machine.spec.ts`). */
const NOT_ASKED: ReadonlySet<string> = new Set([
  ...['login', 'import_checkpoints', 'test', 'context'],
  ...['enable_system_metrics_logging', 'disable_system_metrics_logging', 'set_system_metrics_node_id'],
  ...['set_system_metrics_samples_before_logging', 'set_system_metrics_sampling_interval'],
])

const SCRIPTS = fileURLToPath(new URL('scripts', import.meta.url))

describeWith(['python'], 'the same questions to the real MLflow server and to this one', ({ python }) => {
  let real: RealServer
  let ours: TestBackend

  beforeAll(async () => {
    real = await startRealServer(python)
    ours = await startTestBackend()
  })
  afterAll(async () => {
    await real?.close()
    await ours?.close()
  })

  /** Both at once: most of a script is Python's own work, and each has its own server. */
  const onBoth = <Told>(tell: (url: string) => Promise<Told>): Promise<[Told, Told]> =>
    Promise.all([tell(real.url), tell(ours.backend.url)])

  describe('by HTTP', () => {
    it.each(Object.entries(TOPICS))('%s', async (_, topic) => {
      const theirs = createPeer(real.url)
      const mine = createPeer(ours.backend.url)
      await Promise.all([topic(theirs), topic(mine)])
      const expected = theirs.answers()
      const answered = mine.answers()
      expect(Object.keys(answered)).toEqual(Object.keys(expected))
      expect(Object.keys(expected).length).toBeGreaterThan(10)
      expect(likeTheirs(answered, expected)).toEqual(expected)
    })
  })

  describe('by the real client', () => {
    it.each([
      ['client_tour', 70],
      ['fluent_tour', 35],
      ['fluent_values', 75],
      ['fluent_models', 145],
      ['fluent_artifacts', 44],
      ['paging', 45],
      ['command_line', 25],
    ])('%s', async (script, least) => {
      const [theirs, mine] = await onBoth((url) => runScript(python, script, [url]))
      expect(Object.keys(theirs['ANSWERS'] as object).length).toBeGreaterThan(least)
      expect(mine['ANSWERS']).toEqual(theirs['ANSWERS'])
      const uncalled = (mine['UNCALLED'] ?? []) as readonly string[]
      expect(uncalled.filter((name) => !ELSEWHERE.test(name))).toEqual([])
    })

    for (const name of ['mlflow-2.9', 'mlflow-2.16'] as const)
      describeWith([name], `of other years: ${name}`, (paths) => {
        it('old_client', async () => {
          const [theirs, mine] = await onBoth((url) => runScript(paths[name], 'old_client', [url, name]))
          expect(Object.keys(theirs['ANSWERS'] as object).length).toBeGreaterThan(50)
          expect(mine).toEqual(theirs)
        })
      })

    it('leaves out no function of the fluent API', async () => {
      const { PUBLIC } = await runScript(python, 'public_names', [])
      const scripts = readdirSync(SCRIPTS).filter((name) => name.endsWith('.py'))
      const text = scripts.map((name) => readFileSync(join(SCRIPTS, name), 'utf8')).join('\n')
      const unused = (PUBLIC as readonly string[]).filter((name) => !text.includes(`mlflow.${name}(`))
      expect(unused.filter((name) => !ELSEWHERE.test(name) && !NOT_ASKED.has(name))).toEqual([])
    })
  })
})
