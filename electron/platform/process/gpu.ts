import { execFile } from 'node:child_process'

/** One graphics card: what it does, and how much of its memory is this tree's. */
export type GpuSample = {
  readonly index: number
  readonly name: string
  /** Percent of the time that the card was busy; null where it does not tell. */
  readonly busy: number | null
  /** Degrees; null where it does not tell. */
  readonly celsius: number | null
  /** Bytes in use by everyone, and in all. */
  readonly used: number
  readonly total: number
  /** Bytes in use by the tree's processes. */
  readonly ours: number
}

const MEBIBYTE = 1 << 20
const PATIENCE = 5_000

function ask(query: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      'nvidia-smi',
      [...query, '--format=csv,noheader,nounits'],
      { timeout: PATIENCE, maxBuffer: 4 << 20 },
      (error, output) => resolve(error === null ? output : undefined),
    )
  })
}

/** What the cards do right now, with this tree's part; undefined where there is no `nvidia-smi` or it fails. */
export async function sampleGpus(pids: ReadonlySet<number>): Promise<readonly GpuSample[] | undefined> {
  const cards = await ask(['--query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu'])
  if (cards === undefined) return undefined
  return parseGpus(cards, (await ask(['--query-compute-apps=gpu_uuid,pid,used_memory'])) ?? '', pids)
}

/** Joins `nvidia-smi --query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu` and `--query-compute-apps=gpu_uuid,pid,used_memory`, both `csv,noheader,nounits`, memory in MiB. */
export function parseGpus(cards: string, apps: string, pids: ReadonlySet<number>): readonly GpuSample[] {
  const rows = (text: string): readonly (readonly string[])[] =>
    text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.split(',').map((cell) => cell.trim())]))
  const mebibytes = (cell: string | undefined): number => (Number(cell) || 0) * MEBIBYTE
  const processes = rows(apps)
  return rows(cards).map(([index, id, name, busy, used, total, celsius]) => ({
    index: Number(index),
    name: name ?? '',
    busy: numberOrNull(busy),
    celsius: numberOrNull(celsius),
    used: mebibytes(used),
    total: mebibytes(total),
    ours: processes
      .filter(([card, pid]) => card === id && pids.has(Number(pid)))
      .reduce((sum, [, , memory]) => sum + mebibytes(memory), 0),
  }))
}

/** `[N/A]` and the like are null. */
function numberOrNull(cell: string | undefined): number | null {
  const number = Number(cell === undefined || cell === '' ? NaN : cell)
  return Number.isFinite(number) ? number : null
}
