import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { everythingOf, experiment, run, writeFiles } from './store.fixture.ts'

const R1 = 'a'.repeat(32)
const whole = {
  '0/meta.yaml': experiment('0', 'Default'),
  '0/tags/mlflow.note.content': 'x',
  [`0/${R1}/meta.yaml`]: run('0', R1),
  [`0/${R1}/params/lr`]: '0.1',
  [`0/${R1}/metrics/loss`]: '1700000000001 0.5 0\n1700000000002 nan 1\n',
  [`0/${R1}/metrics/val/loss`]: '1700000000 0.25\n',
  [`0/${R1}/tags/mlflow.user`]: 'ada',
  [`0/${R1}/inputs/i/meta.yaml`]: 'source_type: DATASET\nsource_id: d\ntags:\n  mlflow.data.context: train\n',
  [`0/${R1}/outputs/m-1/meta.yaml`]: 'destination_id: m-1\nstep: 0\n',
  [`0/${R1}/artifacts/a`]: 'x',
  '0/datasets/d/meta.yaml': 'name: wine\ndigest: d1\nsource: s\nsource_type: local\n',
  '0/models/m-1/meta.yaml': "model_id: m-1\nname: m\nexperiment_id: '0'\nstatus: 2\ncreation_timestamp: 1\n",
  '0/models/m-1/metrics/auc': '1700000000001 0.5 0 r\n',
  'models/m/meta.yaml': 'name: m\ncreation_timestamp: 1\n',
  'models/m/version-1/meta.yaml': 'name: m\nversion: 1\nsource: models:/m-1\ncurrent_stage: None\n',
  'models/m/aliases/best': '1',
  '.trash/5/meta.yaml': experiment('5', 'gone'),
}
const names = Object.keys(whole)

type Damage =
  | { readonly does: 'delete' | 'folder' | 'empty' }
  | { readonly does: 'cut'; readonly at: number }
  | { readonly does: 'write'; readonly bytes: Uint8Array }
  | { readonly does: 'overwrite'; readonly at: number; readonly bytes: Uint8Array }

const yamlish = fc
  .string({ unit: fc.constantFrom(...`abmodel_id: \n'"[]{}&*|>-#%0123456789.~`.split('')), maxLength: 200 })
  .map((text) => new Uint8Array(Buffer.from(text)))
const lineish = fc
  .string({ unit: fc.constantFrom(...'0123456789.e-+ nainf\n\r\t'.split('')), maxLength: 200 })
  .map((text) => new Uint8Array(Buffer.from(text)))
const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), yamlish, lineish)
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ does: fc.constantFrom('delete' as const, 'folder' as const, 'empty' as const) }),
  fc.record({ does: fc.constant('cut' as const), at: fc.nat(300) }),
  fc.record({ does: fc.constant('write' as const), bytes }),
  fc.record({ does: fc.constant('overwrite' as const), at: fc.nat(200), bytes }),
)

function inflict(path: string, what: Damage): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return
  switch (what.does) {
    case 'delete':
      return rmSync(path)
    case 'folder':
      rmSync(path)
      mkdirSync(path)
      return
    case 'empty':
      return writeFileSync(path, '')
    case 'cut':
      return truncateSync(path, Math.min(what.at, statSync(path).size))
    case 'write':
      return writeFileSync(path, what.bytes)
    case 'overwrite': {
      const content = new Uint8Array([...readFileSync(path), ...new Uint8Array(what.bytes.length)])
      content.set(what.bytes, Math.min(what.at, content.length - what.bytes.length))
      return writeFileSync(path, content)
    }
  }
}

const listing = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return `${path} ${readFileSync(path).toString('hex')}`
    })
    .toSorted()

it('reads what is left of a damaged store, tells of the rest, and writes nothing', () => {
  const folder = tempFolder()
  let turn = 0
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...names), damage), { minLength: 1, maxLength: 5 }), (damages) => {
      const root = join(folder, `${turn++}`, 'mlruns')
      mkdirSync(root, { recursive: true })
      writeFiles(root, whole)
      for (const [name, what] of damages) inflict(join(root, name), what)
      const before = listing(root)
      const { experiments, runs, notes } = everythingOf(root)
      expect(listing(root)).toEqual(before)
      const harmed = new Set(damages.map(([name]) => name))
      const isHarmed = (...some: readonly string[]): boolean => some.some((name) => harmed.has(name))
      // What was not touched comes.
      if (!isHarmed('0/meta.yaml')) expect(experiments.map(({ id }) => id)).toContain('0')
      if (!isHarmed('0/meta.yaml', `0/${R1}/meta.yaml`)) {
        expect(runs.map(({ id }) => id)).toEqual([R1])
        if (!isHarmed(`0/${R1}/params/lr`)) expect(runs[0]?.params).toEqual([{ key: 'lr', value: '0.1' }])
        if (!isHarmed(`0/${R1}/metrics/loss`)) {
          expect(runs[0]?.series.find(({ key }) => key === 'loss')?.points).toHaveLength(2)
        }
      }
      for (const note of notes)
        expect(note).toEqual({ kind: expect.any(String), what: expect.any(String), why: expect.any(String) })
      rmSync(join(root, '..'), { recursive: true })
    }),
    { numRuns: 100 },
  )
}, 60_000)
