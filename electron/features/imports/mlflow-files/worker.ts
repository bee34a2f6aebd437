import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '#shared/rpc/app-error.ts'
import type { ImportNote } from '#shared/contract/imports.ts'
import type { SourceRun, SourceSeries } from '../source.ts'
import type { Answers, Ask, Batch, Failure, Listed, Listing, Reply, Request, RunContents } from './protocol.ts'
import { type FileStore, openStore } from './store.ts'

/** A batch ends at so many things, points or milliseconds, whichever comes first. */
const ITEMS = 256
const POINTS = 65_536
const MILLISECONDS = 50
/** Metrics up to so many bytes go with a run's contents. */
const SMALL = 1 << 20

type Item = Listed[Listing['of']]

/**
 * Reads a file store for the thread that started it, one request after the other. Here a read may block: a disk that does not answer keeps nobody
 * else waiting, and blocking reads of small files take a quarter of the time of others.
 */
function serve(port: NonNullable<typeof parentPort>, folder: string): void {
  let notes: ImportNote[] = []
  const reply = (id: number, work: () => unknown): void => {
    let answer: { readonly value: unknown } | { readonly failure: Failure }
    try {
      answer = { value: work() }
    } catch (error) {
      answer = { failure: failureOf(error) }
    }
    const message = { id, notes, ...answer } satisfies Reply
    notes = []
    port.postMessage(message, 'value' in answer ? buffersOf(answer.value) : [])
  }
  let store: FileStore | undefined
  const lists = new Map<number, Iterator<Item>>()
  reply(0, () => {
    store = openStore(folder, (note) => notes.push(note))
    return store.era
  })
  if (store === undefined) return
  const open = store
  port.on('message', (request: Request) => reply(request.id, () => answerTo(open, lists, request)))
}

function answerTo(
  store: FileStore,
  lists: Map<number, Iterator<Item>>,
  ask: Ask & { readonly id: number },
): Answers[Ask['kind']] {
  switch (ask.kind) {
    case 'experiments':
      return store.experiments()
    case 'modelCounts':
      return store.modelCounts()
    case 'contents':
      return contentsOf(store, ask.run)
    case 'begin': {
      lists.set(ask.id, listingOf(store, ask.listing)[Symbol.iterator]())
      return nextOf(lists, ask.id)
    }
    case 'next':
      return nextOf(lists, ask.list)
    case 'drop':
      lists.delete(ask.list)
      return null
  }
}

function listingOf(store: FileStore, listing: Listing): Iterable<Item> {
  switch (listing.of) {
    case 'runs':
      return store.runs(listing.experiment, listing.only)
    case 'series':
      return store.series(listing.run)
    case 'loggedModels':
      return store.loggedModels(listing.experiment)
    case 'registeredModels':
      return store.registeredModels()
  }
}

function contentsOf(store: FileStore, run: SourceRun): RunContents {
  const contents = store.contents(run)
  return { ...contents, series: store.metricBytes(run) <= SMALL ? [...store.series(run)] : null }
}

function nextOf(lists: Map<number, Iterator<Item>>, list: number): Batch<Item> {
  const iterator = lists.get(list)
  const items: Item[] = []
  const end = performance.now() + MILLISECONDS
  let points = 0
  while (iterator !== undefined && items.length < ITEMS && points < POINTS && performance.now() < end) {
    const { done, value } = iterator.next()
    if (done === true) {
      lists.delete(list)
      return { items, more: null }
    }
    items.push(value)
    if (isSeries(value)) points += value.value.length
  }
  return { items, more: iterator === undefined ? null : list }
}

function isSeries(item: object): item is SourceSeries {
  return 'value' in item && item.value instanceof Float64Array
}

/** The memory of columns is handed over rather than copied. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null) return []
  const { items, series } = value as Partial<Batch<Item>> & Partial<RunContents>
  return [...(items ?? []), ...(series ?? [])]
    .filter(isSeries)
    .flatMap(({ step, time, value: values }) => [step, time, values].map(({ buffer }) => buffer as ArrayBuffer))
}

function failureOf(error: unknown): Failure {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }
  }
  return {
    code: 'internal',
    message: `The store could not be read: ${error instanceof Error ? error.message : String(error)}`,
  }
}

if (parentPort !== null) serve(parentPort, String(workerData))
