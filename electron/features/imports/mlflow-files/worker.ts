import { parentPort, workerData } from 'node:worker_threads'
import type { ImportNote } from '#shared/contract/imports.ts'
import { buffersOf, failureOf, isSeries, ITEMS, MILLISECONDS, POINTS } from '../thread/messages.ts'
import type { Answers, Ask, Batch, Failure, Item, Listing, Reply, Request, RunContents } from '../thread/protocol.ts'
import { type FileStore, openStore } from './store.ts'

type Lists = Map<number, Iterator<Item>>

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
  const lists: Lists = new Map()
  reply(0, () => {
    store = openStore(folder, (note) => notes.push(note))
    return store.era
  })
  if (store === undefined) return
  const open = store
  port.on('message', (request: Request) => reply(request.id, () => answerTo(open, lists, request)))
}

function answerTo(store: FileStore, lists: Lists, ask: Ask & { readonly id: number }): Answers[Ask['kind']] {
  switch (ask.kind) {
    case 'experiments':
      return store.experiments()
    case 'modelCounts':
      return store.modelCounts()
    case 'contents':
      return contentsOf(store, lists, ask)
    case 'begin':
      return firstOf(lists, ask.id, listingOf(store, ask.listing))
    case 'next':
      return nextOf(lists, ask.list)
    case 'drop':
      lists.delete(ask.list)
      return null
    case 'close':
      lists.clear()
      return null
  }
}

function listingOf(store: FileStore, listing: Listing): Iterable<Item> {
  switch (listing.of) {
    case 'runs':
      return store.runs(listing.experiment, listing.only)
    case 'loggedModels':
      return store.loggedModels(listing.experiment)
    case 'registeredModels':
      return store.registeredModels()
  }
}

function contentsOf(store: FileStore, lists: Lists, { id, run }: Extract<Request, { kind: 'contents' }>): RunContents {
  const contents = store.contents(run)
  return { ...contents, series: firstOf(lists, id, contents.series) }
}

function firstOf<T extends Item>(lists: Lists, id: number, items: Iterable<T>): Batch<T> {
  lists.set(id, items[Symbol.iterator]())
  return nextOf(lists, id) as Batch<T>
}

function nextOf(lists: Lists, list: number): Batch<Item> {
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

if (parentPort !== null) serve(parentPort, String(workerData))
