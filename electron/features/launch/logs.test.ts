import { describe, expect, it } from 'vitest'
import { until } from '#electron/shim/shim-process.fixture.ts'
import { bench, CONTEXT, isOver, isWholly, logOf, start } from './bench.fixture.ts'

describe('output', () => {
  it('of 100 MB in a second survives, and pages fast', async () => {
    const b = await bench()
    const run = await start(b, ['bash', '-c', "yes 'a line with the number 12 in it' | head -c 100000000"])
    await until(() => isOver(b, run))
    const { total, bytes } = await b.launch.handlers.log({ project: b.project.id, run, from: 0, limit: 10 }, CONTEXT)
    expect([total, bytes]).toEqual([3_125_000, 100_000_000])
    const far = await b.launch.handlers.log({ project: b.project.id, run, from: 2_000_000, limit: 2 }, CONTEXT)
    expect(far.lines.map(({ number, text }) => [number, text])).toEqual([
      [2_000_000, 'a line with the number 12 in it'],
      [2_000_001, 'a line with the number 12 in it'],
    ])
    expect(b.complaints).toEqual([])
  })

  it('of binary bytes is shown as lines', async () => {
    const b = await bench()
    const run = await start(b, [
      'python3',
      '-c',
      'import sys; sys.stdout.buffer.write(bytes(range(256)) * 4); print("end")',
    ])
    await until(() => isWholly(b, run))
    const lines = await logOf(b, run)
    expect(lines.at(-1)?.text).toContain('end')
    const controls = lines.flatMap(({ text }) => Array.from(text).filter((letter) => letter < ' ' && letter !== '\t'))
    expect(controls).toEqual([])
  })

  it('keeps a progress bar as one line, marks ranks, finds words and follows', async () => {
    const b = await bench()
    b.file(
      'bars.py',
      `import sys, time
for i in range(101): print(f"\\r{i}%|{'#' * (i // 10)}|", end="", file=sys.stderr, flush=True)
print(file=sys.stderr)
print("[rank0]: hello"); print("[rank1]: Wörld")
`,
    )
    const run = await start(b, ['python3', 'bars.py'])
    const controller = new AbortController()
    const seen = new Map<number, string>()
    const follow = b.launch.handlers.followLog(
      { project: b.project.id, run, from: 0 },
      { ...CONTEXT, signal: controller.signal },
    )
    for await (const { lines, total } of follow) {
      for (const { number, text } of lines) seen.set(number, text)
      if (total === 3 && [...seen.values()].some((text) => text.includes('Wörld'))) controller.abort()
    }
    await until(() => isWholly(b, run))
    const lines = await logOf(b, run)
    expect(lines.map(({ text, bar, rank, stream }) => [text, bar, rank, stream])).toEqual([
      ['100%|##########|', true, null, 'err'],
      ['[rank0]: hello', false, 0, 'out'],
      ['[rank1]: Wörld', false, 1, 'out'],
    ])
    const ranked = await b.launch.handlers.log({ project: b.project.id, run, from: 0, limit: 10, rank: 1 }, CONTEXT)
    expect([ranked.lines.map(({ number }) => number), ranked.total, ranked.ranks]).toEqual([[2], 1, [0, 1]])
    const found = await b.launch.handlers.searchLog({ project: b.project.id, run, text: 'wÖRLD', limit: 10 }, CONTEXT)
    expect(found).toEqual({ lines: [2], truncated: false })
  })
})
