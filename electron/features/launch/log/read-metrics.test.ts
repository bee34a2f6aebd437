import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '#electron/shim/shim-process.fixture.ts'
import type { LogFiles } from './portions.ts'
import { createMetricReader, type TimedPoint } from './read-metrics.ts'
import { pointsOf, readSamples } from './read-samples.ts'
import { NOTHING_READ, readReaderState, writeReaderState } from './reader-state.ts'

function emptyLog(): LogFiles {
  const folder = temporaryFolder('metrics')
  const files = { out: join(folder, 'out.log'), err: join(folder, 'err.log'), times: join(folder, 'times.log') }
  for (const file of Object.values(files)) writeFileSync(file, '')
  return files
}

describe('metrics from a log', () => {
  it('have the time at which their line came', async () => {
    const files = emptyLog()
    writeFileSync(files.out, 'epoch 1 train_loss 0.5 val_acc 0.7\nepoch 2 train_loss 0.4 val_acc nan\n')
    writeFileSync(files.times, '1000 35 0\n2000 70 0\n')
    const { points, caughtUp } = await createMetricReader(files, NOTHING_READ).read(false)
    expect(points).toEqual([
      { key: 'train_loss', value: 0.5, step: 1, time: 1000 },
      { key: 'val_acc', value: 0.7, step: 1, time: 1000 },
      { key: 'train_loss', value: 0.4, step: 2, time: 2000 },
      { key: 'val_acc', value: NaN, step: 2, time: 2000 },
    ])
    expect(caughtUp).toBe(true)
  })

  it('are read once each, however often the reader dies and begins again from what it had stored', async () => {
    const line = fc.oneof(
      fc
        .tuple(fc.nat(20), fc.double({ noNaN: true, min: 0, max: 9 }))
        .map(([epoch, loss]) => `epoch ${epoch} loss=${loss.toFixed(4)}\n`),
      fc.constantFrom('words only\n', '\n', "{'loss': 0.25, 'epoch': 2.0}\n", 'step 7: acc 0.5\r', 'ü acc=0.5\n'),
    )
    const writes = fc.array(fc.tuple(fc.constantFrom('out' as const, 'err' as const), line, fc.nat(8)), {
      maxLength: 25,
    })
    await fc.assert(
      fc.asyncProperty(writes, fc.array(fc.boolean(), { maxLength: 25 }), async (given, deaths) => {
        const files = emptyLog()
        const size = { out: 0, err: 0 }
        const got: TimedPoint[] = []
        let stored = writeReaderState(NOTHING_READ)
        let reader = createMetricReader(files, readReaderState(stored))
        const read = async (ended: boolean): Promise<void> => {
          const reading = await reader.read(ended)
          got.push(...reading.points)
          stored = writeReaderState({ ...NOTHING_READ, ...reading.state })
        }
        for (const [index, [stream, text, cut]] of given.entries()) {
          const bytes = Buffer.from(text)
          for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
            appendFileSync(files[stream], part)
            size[stream] += part.length
            appendFileSync(files.times, `${index} ${size.out} ${size.err}\n`)
            await read(false)
            if (deaths[index] === true) reader = createMetricReader(files, readReaderState(stored))
          }
        }
        await read(true)
        const whole = await createMetricReader(files, NOTHING_READ).read(true)
        expect(got).toEqual(whole.points)
      }),
      { numRuns: 40 },
    )
  })

  it('say how far a progress bar is while it is drawn', async () => {
    const files = emptyLog()
    writeFileSync(files.err, 'train:   0%|          | 0/200\rtrain:  21%|██        | 42/200 [00:01<00:04, 35.0it/s]')
    writeFileSync(files.times, '1000 0 2000\n')
    const { progress, points } = await createMetricReader(files, NOTHING_READ).read(false)
    expect(progress).toEqual({ unit: 'step', done: 42, total: 200 })
    expect(points).toEqual([])
  })

  it('of several ranks are those of the first', async () => {
    const files = emptyLog()
    writeFileSync(
      files.out,
      '[default0]:epoch 1 loss 0.5\n[default1]:epoch 1 loss 0.7\n[rank1]: epoch 2 loss 9\n[rank0]: epoch 2 loss 0.4\n',
    )
    const { points } = await createMetricReader(files, NOTHING_READ).read(true)
    expect(points.map(({ key, step, value }) => [key, step, value])).toEqual([
      ['loss', 1, 0.5],
      ['loss', 2, 0.4],
    ])
  })

  it('survive 20 MB without a line feed and binary bytes', async () => {
    const files = emptyLog()
    writeFileSync(files.out, Buffer.concat([Buffer.alloc(20_000_000, 0x81), Buffer.from('\nepoch 1 loss 0.5\n')]))
    const reader = createMetricReader(files, NOTHING_READ)
    const points: TimedPoint[] = []
    for (let caughtUp = false; !caughtUp;) {
      const reading = await reader.read(true)
      points.push(...reading.points)
      caughtUp = reading.caughtUp
    }
    expect(points).toMatchObject([{ key: 'loss', value: 0.5, step: 1 }])
  })

  it('begin anew from a state that is damaged', () => {
    expect(readReaderState('{"out": 5')).toEqual(NOTHING_READ)
    expect(
      readReaderState('{"out":5,"err":0,"parser":{"keys":3},"samples":{"offset":0,"count":0,"last":null}}'),
    ).toEqual({
      ...NOTHING_READ,
      out: 5,
    })
  })
})

describe('samples', () => {
  const sample = (t: number, cpu: number, read: number | null) =>
    ({ t, processes: 2, cpu, resident: 1e6, read, written: null }) as const

  it('are rates since the one before, in percent of one core and bytes a second', () => {
    expect(pointsOf(sample(1_000, 1, 500), null, 0).map(({ key }) => key)).toEqual([
      'system/memory_bytes',
      'system/processes',
    ])
    expect(pointsOf(sample(3_000, 4, 4_500), sample(1_000, 1, 500), 1)).toEqual([
      { key: 'system/cpu_percent', value: 150, step: 1, time: 3_000 },
      { key: 'system/memory_bytes', value: 1e6, step: 1, time: 3_000 },
      { key: 'system/disk_read_bytes_per_second', value: 2_000, step: 1, time: 3_000 },
      { key: 'system/processes', value: 2, step: 1, time: 3_000 },
    ])
  })

  it('are read once each; half a line waits, a damaged one is passed over', async () => {
    const file = join(temporaryFolder('samples'), 'samples.jsonl')
    const line = JSON.stringify(sample(1_000, 1, 0))
    writeFileSync(file, `${line}\n{"t":\n${line.slice(0, 10)}`)
    const first = await readSamples(file, NOTHING_READ.samples)
    expect([first.points.length, first.state.count]).toEqual([2, 1])
    appendFileSync(file, `${line.slice(10)}\n`)
    const second = await readSamples(file, first.state)
    expect([second.points.length, second.state.count]).toEqual([2, 2])
    expect(await readSamples(file, second.state)).toEqual({ points: [], state: second.state })
  })
})
