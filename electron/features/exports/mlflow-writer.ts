import { Worker } from 'node:worker_threads'
import { dirname } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import { MLFLOW_SCHEMA, MLFLOW_SCHEMA_VERSION } from './mlflow-schema.ts'
import type { MlflowPoints, MlflowRow, WriterAnswer, WriterRequest } from './writer-messages.ts'

/** Writes a new MLflow database in a thread of its own, so that whoever reads for it goes on answering. */
export type MlflowWriter = {
  /** Takes rows; resolves when there is room for more. A row whose key is there already is dropped. */
  readonly rows: (table: string, columns: readonly string[], rows: readonly MlflowRow[]) => Promise<void>
  /** Takes points, whose columns are given away; resolves when there is room for more. */
  readonly points: (points: MlflowPoints) => Promise<void>
  /** Resolves with the number of points once the database is whole on the disk. */
  readonly finish: () => Promise<number>
  /** Ends the thread, whatever it does. */
  readonly close: () => Promise<void>
}

/** Requests under way: one is written while the next ones are read. */
const AHEAD = 4

/** Starts the thread and makes the database. Throws `disk_full`, or `unavailable` for a file that can't be written. */
export async function openMlflowWriter(file: string): Promise<MlflowWriter> {
  const worker = new Worker(new URL('../../workers/write-mlflow.ts', import.meta.url))
  const waiting: ((answer: WriterAnswer) => void)[] = []
  const pending = new Set<Promise<number>>()
  let failure: Error | undefined
  let added = 0
  const fail = (error: Error): void => {
    failure ??= error
    for (const settle of waiting.splice(0)) settle({ kind: 'failed', message: error.message, code: '' })
  }
  worker.on('message', (answer: WriterAnswer) => waiting.shift()?.(answer))
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`The writing thread ended with ${code}`)))

  const send = async (request: WriterRequest, transfer: readonly ArrayBuffer[] = []): Promise<number> => {
    if (failure !== undefined) throw failure
    const answer = await new Promise<WriterAnswer>((resolve) => {
      waiting.push(resolve)
      worker.postMessage(request, transfer)
    })
    if (answer.kind === 'failed') throw (failure ??= inWords(answer, file))
    return answer.added
  }
  /** Sends without waiting for the answer, unless many are under way. */
  const hand = async (
    request: WriterRequest,
    onAdded: (count: number) => void,
    transfer?: ArrayBuffer[],
  ): Promise<void> => {
    while (pending.size >= AHEAD) await Promise.race(pending)
    if (failure !== undefined) throw failure
    const sent = send(request, transfer)
    pending.add(sent)
    sent.then(onAdded, () => {}).finally(() => pending.delete(sent))
  }

  const close = async (): Promise<void> => {
    worker.removeAllListeners()
    await worker.terminate()
  }
  try {
    await send({ kind: 'open', file, schema: MLFLOW_SCHEMA })
    await send({ kind: 'rows', table: 'alembic_version', columns: ['version_num'], rows: [[MLFLOW_SCHEMA_VERSION]] })
  } catch (error) {
    await close()
    throw error
  }
  return {
    rows: (table, columns, rows) =>
      rows.length === 0 ? Promise.resolve() : hand({ kind: 'rows', table, columns, rows }, () => {}),
    points: (points) =>
      hand({ kind: 'points', ...points }, (count) => (added += count), [
        points.step.buffer as ArrayBuffer,
        points.time.buffer as ArrayBuffer,
        points.value.buffer as ArrayBuffer,
      ]),
    finish: async () => {
      await send({ kind: 'finish' })
      // What was handed over before has its answer by now, and may be why it is not whole.
      if (failure !== undefined) throw failure
      return added
    },
    close,
  }
}

function inWords({ message, code }: Extract<WriterAnswer, { kind: 'failed' }>, file: string): Error {
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE')
    return appError('disk_full', `The disk that holds ${dirname(file)} is full.`)
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_IOERR'))
    return appError('unavailable', `${file} can't be written: ${message}.`)
  return new Error(message)
}
