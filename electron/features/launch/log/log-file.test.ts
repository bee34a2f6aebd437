import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '#electron/shim/shim-process.fixture.ts'
import { openLog } from './log-file.ts'
import type { LogFiles } from './portions.ts'
import type { RawLine } from './read-lines.ts'

function emptyLog(): LogFiles {
  const folder = temporaryFolder('log')
  const files = { out: join(folder, 'out.log'), err: join(folder, 'err.log'), times: join(folder, 'times.log') }
  for (const file of Object.values(files)) writeFileSync(file, '')
  return files
}

const texts = (lines: readonly RawLine[]): readonly string[] =>
  lines.map((line) => `${line.stream === 'err' ? '! ' : ''}${line.bytes.toString('latin1')}${line.ended ? '' : '…'}`)

type Write = readonly [stream: 'out' | 'err', text: string]

/** Writes as a process would, with a note after each. */
function write(files: LogFiles, writes: readonly Write[], size = { out: 0, err: 0 }): void {
  for (const [index, [stream, text]] of writes.entries()) {
    appendFileSync(files[stream], text, 'latin1')
    size[stream] += text.length
    appendFileSync(files.times, `${1000 + index} ${size.out} ${size.err}\n`)
  }
}

/** The law: lines are numbered where they start; the parts of an unfinished one find their line again. */
function expected(writes: readonly Write[]): readonly string[] {
  const lines: { stream: 'out' | 'err'; text: string; ended: boolean }[] = []
  const open: { out: number; err: number } = { out: -1, err: -1 }
  for (const [stream, text] of writes) {
    for (const part of text.split(/(?<=\n)/)) {
      if (part === '') continue
      if (open[stream] < 0) open[stream] = lines.push({ stream, text: '', ended: false }) - 1
      const line = lines[open[stream]]!
      line.text += part.replace('\n', '')
      line.ended = part.endsWith('\n')
      if (line.ended) open[stream] = -1
    }
  }
  return lines.map(({ stream, text, ended }) => `${stream === 'err' ? '! ' : ''}${text}${ended ? '' : '…'}`)
}

describe('a log', () => {
  it('puts both streams into the order in which they were written, with the time of each line', async () => {
    const files = emptyLog()
    const log = openLog(files, () => false)
    write(files, [
      ['out', 'a\n'],
      ['err', 'warn'],
      ['out', 'b\nc'],
      ['err', 'ing\n'],
      ['out', 'c\n'],
    ])
    expect(await log.refresh()).toBe(true)
    const lines = await log.read(0, 100)
    expect(texts(lines)).toEqual(['a', '! warning', 'b', 'cc'])
    expect(lines.map((line) => line.time)).toEqual([1000, 1001, 1002, 1002])
    expect(await log.refresh()).toBe(false)
  })

  it('is the same however it is read: whole, in pages, while it grows', async () => {
    const writes = fc.array(
      fc.tuple(
        fc.constantFrom('out' as const, 'err' as const),
        fc.array(fc.constantFrom('a', 'bb', '\n', '\n\n', '\r', 'é'), { minLength: 1 }).map((parts) => parts.join('')),
      ),
      { maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(writes, fc.nat(30), fc.integer({ min: 1, max: 5 }), async (given, cut, page) => {
        const files = emptyLog()
        const log = openLog(files, () => false)
        const size = { out: 0, err: 0 }
        write(files, given.slice(0, cut), size)
        await log.refresh()
        write(files, given.slice(cut), size)
        await log.refresh()
        const whole = expected(given)
        expect(log.lines()).toBe(whole.length)
        const pages: string[] = []
        for (let at = 0; at < whole.length; at += page) pages.push(...texts(await log.read(at, page)))
        expect(pages).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  it('finds every line of a long log, near and far', async () => {
    const files = emptyLog()
    const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index} ${'x'.repeat(index % 97)}`)
    writeFileSync(files.out, `${lines.join('\n')}\n`)
    const log = openLog(files, () => true)
    await log.refresh()
    expect(log.lines()).toBe(lines.length)
    for (const from of [0, 1, 1_023, 1_024, 1_025, 31_337, 49_990]) {
      expect(texts(await log.read(from, 20))).toEqual(lines.slice(from, from + 20))
    }
  })

  it('waits for the note of a line while more may come, and takes all at the end', async () => {
    const files = emptyLog()
    let ended = false
    const log = openLog(files, () => ended)
    write(files, [['out', 'noted\n']])
    appendFileSync(files.out, 'not yet\n')
    appendFileSync(files.err, 'trace\n')
    await log.refresh()
    expect(texts(await log.read(0, 10))).toEqual(['noted'])
    ended = true
    await log.refresh()
    expect(texts(await log.read(0, 10))).toEqual(['noted', 'not yet', '! trace'])
  })

  it('keeps the beginning and the end of a line without an end', async () => {
    const files = emptyLog()
    writeFileSync(files.out, Buffer.concat([Buffer.from('start'), Buffer.alloc(5_000_000, 'x'), Buffer.from('\rlast')]))
    const log = openLog(files, () => true)
    await log.refresh()
    const [line] = await log.read(0, 1)
    expect(line?.bytes.subarray(0, 5).toString()).toBe('start')
    expect(line?.bytes.subarray(-5).toString()).toBe('\rlast')
    expect((line?.bytes.length ?? 0) + (line?.leftOut ?? 0)).toBe(5_000_010)
  })

  it('knows the ranks of a launcher, also where a prefix comes in two pieces', async () => {
    const files = emptyLog()
    write(files, [
      ['out', '[rank0]: a\n[default1]: b\nnone\n[ran'],
      ['err', '[rank1]: trace\n'],
      ['out', 'k1]: c\n[not a rank] 3\n'],
    ])
    const log = openLog(files, () => true)
    await log.refresh()
    expect(log.ranks()).toEqual([0, 1])
    expect([...log.ofRank(1)]).toEqual([1, 3, 4])
    expect([...log.ofRank(0)]).toEqual([0])
  })

  it('reads nothing from files that are not there, and survives a damaged note', async () => {
    const missing = openLog({ out: '/no/out', err: '/no/err', times: '/no/times' }, () => true)
    await missing.refresh()
    expect(missing.lines()).toBe(0)
    const files = emptyLog()
    write(files, [['out', 'one\n']])
    appendFileSync(files.times, 'garbage\n12 x y\n5 999999 0\n7 1 0\n12')
    const log = openLog(files, () => false)
    await log.refresh()
    expect(texts(await log.read(0, 10))).toEqual(['one'])
  })
})
