import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LINES_WITHOUT_METRICS, LOG_SAMPLES } from './corpus.fixture.ts'
import { readLogLine, readLogProgress } from './read-line.ts'
import { EMPTY_LOG_STATE, type LogPoint, type LogProgress } from './state.ts'

interface Reading {
  readonly points: readonly string[]
  readonly progress: readonly LogProgress[]
}

function read(lines: readonly string[]): Reading {
  let state = EMPTY_LOG_STATE
  const points: LogPoint[] = []
  const progress: LogProgress[] = []
  for (const line of lines) {
    const next = readLogLine(state, line)
    state = next.state
    points.push(...next.points)
    if (next.progress !== undefined) progress.push(next.progress)
  }
  return { points: points.map(({ key, step, value }) => `${key}@${step}=${value}`), progress }
}

describe('what trainers print', () => {
  test.each(LOG_SAMPLES.map(({ trainer, log, points }) => [trainer, log, points] as const))('%s', (_, log, points) => {
    expect(read(log.split('\n')).points).toEqual(points.trim().split(/\s+/))
  })

  test('comes out the same with the line ends of Windows', () => {
    for (const { log, points } of LOG_SAMPLES) {
      const lines = log.split('\n').map((line) => `${line}\r`)
      expect(read(lines).points).toEqual(points.trim().split(/\s+/))
    }
  })
})

describe('what is no metric', () => {
  test.each(LINES_WITHOUT_METRICS)('%s', (line) => {
    expect(read([line]).points).toEqual([])
    // Nor does it become one in the midst of a training.
    const during = ['epoch 1 loss 0.5', line, 'epoch 2 loss 0.4']
    expect(read(during).points).toEqual(['loss@1=0.5', 'loss@2=0.4'])
  })

  test('a measure inside a printed configuration counts only when it comes again', () => {
    const configuration = ['model: cnn', 'dropout: 0.1', 'accuracy: 0.95', 'device: cuda']
    expect(read(configuration).points).toEqual([])
    expect(read([...configuration, '', 'accuracy: 0.31', 'accuracy: 0.42']).points).toEqual([
      'accuracy@0=0.31',
      'accuracy@1=0.42',
    ])
  })
})

describe('steps', () => {
  test('that begin anew in each epoch go on over the training', () => {
    const lines = [0, 1].flatMap((epoch) =>
      [1, 100, 200].map((step) => `Epoch [${epoch}/2], Step [${step}/200], Loss: ${epoch + step / 1000}`),
    )
    expect(read(lines).points).toEqual([
      'Loss@1=0.001',
      'Loss@100=0.1',
      'Loss@200=0.2',
      'Loss@201=1.001',
      'Loss@300=1.1',
      'Loss@400=1.2',
    ])
  })

  test('that go on by themselves are left alone, and an epoch’s summary of such a key lands where the training stands', () => {
    const lines = ['epoch 1 step 100 loss 0.9', 'epoch 2 step 200 loss 0.8', 'epoch 2 loss 0.85 val_loss 0.7']
    expect(read(lines).points).toEqual(['loss@100=0.9', 'loss@200=0.8', 'loss@200=0.85', 'val_loss@2=0.7'])
  })

  test('are counted where nothing else says them', () => {
    expect(read(['loss: 0.5', 'acc=0.1', 'loss: 0.4', 'acc=0.2']).points).toEqual([
      'loss@0=0.5',
      'acc@0=0.1',
      'loss@1=0.4',
      'acc@1=0.2',
    ])
  })
})

test('progress', () => {
  expect(read(['Epoch 34/60: loss=0.1']).progress).toEqual([{ unit: 'epoch', done: 34, total: 60 }])
  expect(read(['step 5/100 loss=0.1']).progress).toEqual([{ unit: 'step', done: 5, total: 100 }])
  expect(read(['batch 7/10']).progress).toEqual([{ unit: 'step', done: 7, total: 10 }])
  expect(readLogProgress('\r 41%|████      | 160/391 [00:03<00:04, 18.9it/s, loss=0.41]')).toEqual({
    unit: 'step',
    done: 160,
    total: 391,
  })
  expect(readLogProgress('\r 5/15 ━━━ 1s 24ms/step - loss: 0.5')).toEqual({ unit: 'step', done: 5, total: 15 })
  expect(readLogProgress('no bar here')).toBeUndefined()
})

describe('bad input', () => {
  test('binary and endless lines hold nothing, and are done with before the test runs out of time', () => {
    const million = 1_000_000
    const lines = [
      'epoch 1 loss 0.5 \u0000\u0001\u0002',
      'loss=0.5 '.repeat(million / 10),
      'a'.repeat(million),
      '{'.repeat(16_000),
      `{'loss': ${'['.repeat(10_000)}`,
      '1'.repeat(16_000),
      '='.repeat(16_000),
      'loss: '.repeat(2_700),
      '1 '.repeat(8_000),
      'Epoch '.repeat(2_700),
      '\u001b'.repeat(million),
      '\u001b['.repeat(million / 2),
      '\r'.repeat(million),
      ' 45%|'.repeat(3_000),
      `[5]\t${'a:1'.repeat(5_000)}`,
      `│${' '.repeat(16_000)}`,
      `epoch ${' '.repeat(16_000)}x`,
      `1/1 ${'9'.repeat(16_000)}`,
    ]
    expect(read(lines).points.length).toBeLessThan(4_000)
  })

  test('a bar of a million drawings in one line is read from its end', () => {
    const bar = Array.from(
      { length: 200_000 },
      (_, index) => `\r  1%|          | ${index}/200000 [00:00<?, 9it/s, loss=0.5]`,
    )
    expect(read([bar.join('')]).points).toEqual(['loss@199999=0.5'])
  })

  test('a script that prints ever new keys is stopped at a bound', () => {
    const lines = Array.from({ length: 300 }, (_, line) =>
      Array.from({ length: 10 }, (_unused, index) => `loss_${line}_${index}=0.5`).join(' '),
    )
    expect(read(lines).points.length).toBe(2_000)
  })

  test('any text: no throw, keys are not empty, steps are whole', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'epoch ',
        'step ',
        'loss',
        '=',
        ': ',
        '0.5',
        ' ',
        '{',
        '}',
        "'",
        '"',
        '[',
        ']',
        '/',
        '\t',
        '|',
        '%|',
        ',',
      ),
      fc.constantFrom(
        'nan',
        'inf',
        '1e5',
        '3/10',
        '\r',
        '\u001b[32m',
        'Epoch 1/2',
        '━',
        '│',
        'acc',
        '10',
        "'s auc",
        'ms/step',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    )
    const line = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        let state = EMPTY_LOG_STATE
        for (const text of lines) {
          const next = readLogLine(state, text)
          state = next.state
          for (const { key, step } of next.points) {
            expect(key.length > 0 && key.length <= 140 && Number.isFinite(step)).toBe(true)
          }
        }
      }),
      { numRuns: 1500 },
    )
  })
})
