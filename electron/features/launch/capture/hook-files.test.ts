import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '#electron/shim/shim-process.fixture.ts'
import { hookFacts, readHookFiles } from './hook-files.ts'

/** A folder with files as the hook writes them. */
function captured(files: Readonly<Record<string, unknown>>): string {
  const folder = temporaryFolder('hook')
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return folder
}
const parse = (pid: number, script: string | null, values: object, more: object = {}) => ({
  format: 1,
  kind: 'argparse',
  time: pid,
  pid,
  script,
  module: null,
  python: '/usr/bin/python3',
  rank: null,
  parses: [{ parser: 'argparse', from_command_line: true, values, unparsed: ['--left', '1'] }],
  ...more,
})
const factsOf = (script: string | null, files: Readonly<Record<string, unknown>>) =>
  hookFacts(readHookFiles(captured(files)), script)

test("the script's own arguments count, not its launcher's, nor those of other ranks", () => {
  const files = {
    'argparse-1.json': parse(1, '/v/bin/torchrun', { nproc: 2 }),
    'argparse-2.json': parse(2, '/p/src/train.py', { lr: 0.1 }, { rank: { rank: 0 } }),
    'argparse-3.json': parse(3, '/p/src/train.py', { lr: 0.9 }, { rank: { rank: '1' } }),
    'argparse-4.json': parse(4, '/v/bin/tensorboard', { port: 6006 }),
  }
  expect(factsOf('./src/train.py', files)).toMatchObject({
    values: { lr: 0.1 },
    ofScript: true,
    unparsed: ['--left', '1'],
  })
  expect(factsOf('other.py', files)).toMatchObject({ values: {}, ofScript: false })
  expect(factsOf('run.sh', files)).toMatchObject({ values: { port: 6006 }, ofScript: false })
  expect(
    factsOf('pkg.train', { 'argparse-1.json': parse(1, '/p/pkg/train.py', { a: 1 }, { module: 'pkg.train' }) }),
  ).toMatchObject({
    values: { a: 1 },
  })
})

test("Hydra's parser is not the script's, and lists of the program's making are no arguments", () => {
  const hydra = { overrides: ['lr=1'], hydra_help: false, cfg: null }
  expect(factsOf('t.py', { 'argparse-1.json': parse(1, '/p/t.py', hydra) })).toMatchObject({
    values: {},
    ofScript: false,
  })
  const made = { parses: [{ parser: 'argparse', from_command_line: false, values: { x: 1 } }] }
  expect(factsOf('t.py', { 'argparse-1.json': parse(1, '/p/t.py', {}, made) })).toMatchObject({ values: {} })
})

test("click's group and command belong together; seeds are the first of each library", () => {
  const click = {
    parses: [
      { parser: 'click', from_command_line: null, values: { verbose: true } },
      { parser: 'click', from_command_line: null, values: { lr: 1e-3 } },
    ],
  }
  const seeds = {
    format: 1,
    kind: 'seeds',
    time: 9,
    pid: 1,
    seeds: [
      { library: 'numpy', value: 1, time: 1 },
      { library: 'numpy', value: 2, time: 2 },
      { library: 'random', value: 'x', time: 3 },
    ],
  }
  expect(factsOf('t.py', { 'argparse-1.json': parse(1, '/p/t.py', {}, click), 'seeds-1.json': seeds })).toEqual({
    values: { verbose: true, lr: 1e-3 },
    parser: 'click',
    seeds: { numpy: '1', random: 'x' },
    unparsed: [],
    ofScript: true,
    python: '/usr/bin/python3',
  })
})

test('what is damaged, unfinished or not ours is passed over', () => {
  expect(
    factsOf('t.py', {
      'argparse-1.json': '{"kind": "argparse", ',
      'argparse-2.json': { kind: 'argparse' },
      '.argparse-3.json': parse(3, '/p/t.py', { a: 1 }),
      'other.json': parse(4, '/p/t.py', { a: 1 }),
      'seeds-5.json': 'x'.repeat(600_000),
    }),
  ).toBeUndefined()
  expect(hookFacts(readHookFiles('/no/such/folder'), null)).toBeUndefined()
})
