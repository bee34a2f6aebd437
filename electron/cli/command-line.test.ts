import { describe, expect, it } from 'vitest'
import { AppError } from '#shared/rpc/app-error.ts'
import { parseCommandLine } from './command-line.ts'

/** As a shell would split it; no quotes. */
const parse = (line: string) => parseCommandLine(line === '' ? [] : line.split(' '))

function refusal(line: string): string {
  try {
    parse(line)
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid') return error.message
    throw error
  }
  return 'no error'
}

describe('run', () => {
  const defaults = { detach: false, keepTracking: null, quiet: false }

  it.each([
    ['run -- python train.py --lr 0.1', { command: ['python', 'train.py', '--lr', '0.1'] }],
    ['run python train.py -h --name x -- y', { command: ['python', 'train.py', '-h', '--name', 'x', '--', 'y'] }],
    ['run -e ab -n cd -- x', { command: ['x'], experiment: 'ab', name: 'cd' }],
    ['run --experiment=ab x -n cd', { command: ['x', '-n', 'cd'], experiment: 'ab' }],
    [
      'run -q -d --keep-tracking -p /a x',
      { command: ['x'], quiet: true, detach: true, keepTracking: true, project: '/a' },
    ],
    ['run -- -odd-program', { command: ['-odd-program'] }],
    ['run -- x --help', { command: ['x', '--help'] }],
  ])('%s', (line, options) => {
    expect(parse(line)).toEqual({ command: 'run', options: { ...defaults, ...options } })
  })

  it('asks for a command, and knows its own options only', () => {
    expect(refusal('run')).toMatch(/^Name the command to run/)
    expect(refusal('run -q --')).toMatch(/^Name the command to run/)
    expect(refusal('run --frob -- x')).toMatch(/--frob/)
    expect(refusal('run -e')).toMatch(/argument missing/)
  })
})

describe('runs', () => {
  const defaults = { filter: '', limit: 50, archived: false, style: 'table' }

  it.each([
    ['runs', {}],
    ['runs val_acc > 0.8 and not x = 1', { filter: 'val_acc > 0.8 and not x = 1' }],
    ['runs -s -val_acc', { sort: '-val_acc' }],
    ['runs --sort -val_acc a', { sort: '-val_acc', filter: 'a' }],
    ['runs --sort=val_acc', { sort: 'val_acc' }],
    ['runs -c a,b -n 5 --archived --csv', { columns: ['a', 'b'], limit: 5, archived: true, style: 'csv' }],
  ])('%s', (line, options) => {
    expect(parse(line)).toEqual({ command: 'runs', options: { ...defaults, ...options } })
  })

  it('refuses what it can not do', () => {
    expect(refusal('runs --json --csv')).toBe('Choose --json or --csv.')
    expect(refusal('runs -n 0')).toBe('--limit takes a whole number from 1.')
    expect(refusal('runs -n 1.5')).toBe('--limit takes a whole number from 1.')
  })
})

it.each([
  ['', { command: 'help', topic: undefined }],
  ['--help', { command: 'help', topic: undefined }],
  ['help run', { command: 'help', topic: 'run' }],
  ['runs --help', { command: 'help', topic: 'runs' }],
  ['run -h -- x', { command: 'help', topic: 'run' }],
  ['--version', { command: 'version' }],
  ['show 12 --json', { command: 'show', options: { run: '12', style: 'json' } }],
  [
    'metrics last val/loss -p a',
    { command: 'metrics', options: { run: 'last', key: 'val/loss', project: 'a', style: 'table' } },
  ],
  [
    'compare 1 2 3 -a',
    { command: 'compare', options: { runs: ['1', '2', '3'], all: true, diff: false, style: 'table' } },
  ],
  ['stop 3', { command: 'stop', options: { run: '3' } }],
  ['restore 3 loss-fix -p x', { command: 'restore', options: { runs: ['3', 'loss-fix'], project: 'x' } }],
  ['open a --print', { command: 'open', options: { folder: 'a', print: true } }],
  ['gc', { command: 'gc', options: { apply: false, json: false } }],
  ['gc --apply -p ../other --json', { command: 'gc', options: { apply: true, json: true, project: '../other' } }],
  ['backend', { command: 'backend', options: { action: 'status', force: false } }],
  ['backend stop --force', { command: 'backend', options: { action: 'stop', force: true } }],
])('benchtop %s', (line, parsed) => {
  expect(parse(line)).toEqual(parsed)
})

it.each([
  ['frob', 'There is no command frob.'],
  ['help frob', 'There is no command frob.'],
  ['show', 'Use it as: benchtop show RUN'],
  ['show 1 2', 'Use it as: benchtop show RUN'],
  ['metrics 1', 'Use it as: benchtop metrics RUN KEY'],
  ['compare 1', 'Name two runs or more: benchtop compare RUN RUN...'],
  ['gc all', 'Use it as: benchtop gc [--apply]'],
  ['restore', 'Use it as: benchtop restore RUN...'],
  ['backend frob', 'Use it as: benchtop backend status|stop'],
])('benchtop %s is refused', (line, message) => {
  expect(refusal(line)).toBe(message)
})

describe('export', () => {
  const defaults = { runs: [], artifacts: true, dryRun: false, json: false }

  it.each([
    ['export --mlflow out', { target: 'out' }],
    ['export --mlflow=/a/out 12 last -p /b', { target: '/a/out', runs: ['12', 'last'], project: '/b' }],
    [
      'export --no-artifacts --dry-run --json --mlflow out',
      { target: 'out', artifacts: false, dryRun: true, json: true },
    ],
  ])('%s', (line, options) => {
    expect(parse(line)).toEqual({ command: 'export', options: { ...defaults, ...options } })
  })

  it('asks for the folder', () => {
    expect(refusal('export 12')).toMatch(/^Name the folder to write/)
    expect(refusal('export --mlflow')).toMatch(/argument missing/)
  })
})

describe('import', () => {
  const defaults = { reference: false, watch: false, dryRun: false, yes: false, json: false }

  it.each([
    ['import mlruns', { location: 'mlruns' }],
    [
      'import --reference -w -y /a/mlflow.db -p /b --artifacts store',
      {
        ...{ location: '/a/mlflow.db', reference: true, watch: true, yes: true },
        ...{ project: '/b', filesFolder: 'store' },
      },
    ],
    [
      'import http://h:5000 --token-env T -n --json',
      { location: 'http://h:5000', tokenEnv: 'T', dryRun: true, json: true },
    ],
  ])('%s', (line, options) => {
    expect(parse(line)).toEqual({ command: 'import', options: { ...defaults, ...options } })
  })

  it.each([
    ['import --list', { verb: 'list', source: null }],
    ['import -l --json -p /b', { verb: 'list', source: null, json: true, project: '/b' }],
    ['import --history', { verb: 'history', source: null }],
    ['import --history 3', { verb: 'history', source: '3' }],
    ['import --again 3 --token-env T', { verb: 'again', source: '3', tokenEnv: 'T' }],
    ['import --follow http://h:5000 --token-env T', { verb: 'follow', source: 'http://h:5000', tokenEnv: 'T' }],
    ['import --unfollow 3', { verb: 'unfollow', source: '3' }],
    ['import 3 --forget', { verb: 'forget', source: '3' }],
    ['import --take-back /a/mlruns --json', { verb: 'take-back', source: '/a/mlruns', json: true }],
  ])('%s', (line, options) => {
    expect(parse(line)).toEqual({ command: 'sources', options: { json: false, ...options } })
  })

  it.each([
    ['import --forget', 'Use it as: benchtop import --forget SOURCE'],
    ['import --forget 1 2', 'Use it as: benchtop import --forget SOURCE'],
    ['import --history 1 2', 'Use it as: benchtop import --history [SOURCE]'],
    ['import 1 --follow --forget', 'Choose --follow or --forget.'],
    ['import 1 --again --artifacts /b', '--artifacts belongs to a new import, not to --again.'],
    ['import 1 --follow --reference', '--reference belongs to a new import, not to --follow.'],
    ['import 1 --take-back --yes', '--yes belongs to a new import, not to --take-back.'],
    ['import 1 --unfollow --token-env T', '--unfollow needs no token.'],
  ])('%s is refused', (line, words) => {
    expect(refusal(line)).toBe(words)
  })

  it('asks for one place', () => {
    expect(refusal('import')).toBe('Use it as: benchtop import PATH|URL')
    expect(refusal('import a b')).toBe('Use it as: benchtop import PATH|URL')
    expect(refusal('import a --list')).toBe('Use it as: benchtop import --list')
  })
})

describe('models', () => {
  it.each([
    ['models', { model: null, style: 'table' }],
    ['models churn/3 --json', { model: 'churn/3', style: 'json' }],
    ['models churn@champion -p /a --csv', { model: 'churn@champion', project: '/a', style: 'csv' }],
  ])('%s', (line, options) => {
    expect(parse(line)).toEqual({ command: 'models', options })
  })

  it('takes one model', () => {
    expect(refusal('models a b')).toBe('Use it as: benchtop models [NAME]')
  })
})
