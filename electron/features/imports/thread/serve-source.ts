import type { MessagePort } from 'node:worker_threads'
import type { ImportNote } from '#shared/contract/imports.ts'
import type { ImportSource, Notice } from '../source.ts'
import { buffersOf, failureOf, isSeries, ITEMS, MILLISECONDS, POINTS } from './messages.ts'
import type { Answers, Ask, Batch, Failure, Item, Listing, Reply, Request } from './protocol.ts'

type Lists = Map<number, AsyncIterator<Item>>

/** Nobody stops the thread's own work: who asked goes away, and the answer with them. */
const { signal } = new AbortController()

/** Serves a store to the thread that started this one, one request after the other. */
export function serveSource(port: MessagePort, open: (notice: Notice) => Promise<ImportSource>): void {
  let notes: ImportNote[] = []
  const lists: Lists = new Map()
  const reply = async (id: number, work: () => Promise<unknown>): Promise<void> => {
    let answer: { readonly value: unknown } | { readonly failure: Failure }
    try {
      answer = { value: await work() }
    } catch (error) {
      answer = { failure: failureOf(error) }
    }
    const message = { id, notes, ...answer } satisfies Reply
    notes = []
    port.postMessage(message, 'value' in answer ? buffersOf(answer.value) : [])
  }
  let source: ImportSource | undefined
  let last = reply(0, async () => {
    source = await open((note) => notes.push(note))
    return source.era
  })
  port.on('message', (request: Request) => {
    last = last.then(() => reply(request.id, () => answerTo(source, lists, request)))
  })
}

async function answerTo(
  source: ImportSource | undefined,
  lists: Lists,
  ask: Ask & { readonly id: number },
): Promise<Answers[Ask['kind']]> {
  if (source === undefined) return null
  switch (ask.kind) {
    case 'experiments':
      return source.experiments(signal)
    case 'modelCounts':
      return source.modelCounts(signal)
    case 'contents': {
      const { series, ...contents } = await source.contents(ask.run, signal)
      return { ...contents, series: (await firstOf(lists, ask.id, series)) as Batch<never> }
    }
    case 'begin':
      return firstOf(lists, ask.id, listingOf(source, ask.listing))
    case 'next':
      return nextOf(lists, ask.list)
    case 'drop':
      await lists.get(ask.list)?.return?.()
      lists.delete(ask.list)
      return null
    case 'close':
      for (const list of lists.values()) await list.return?.()
      lists.clear()
      await source.close()
      return null
  }
}

function listingOf(source: ImportSource, listing: Listing): AsyncIterable<Item> {
  switch (listing.of) {
    case 'runs':
      return source.runs(listing.experiment, signal, listing.only)
    case 'loggedModels':
      return source.loggedModels(listing.experiment, signal)
    case 'registeredModels':
      return source.registeredModels(signal)
  }
}

function firstOf(lists: Lists, id: number, items: AsyncIterable<Item>): Promise<Batch<Item>> {
  lists.set(id, items[Symbol.asyncIterator]())
  return nextOf(lists, id)
}

async function nextOf(lists: Lists, list: number): Promise<Batch<Item>> {
  const iterator = lists.get(list)
  const items: Item[] = []
  const end = performance.now() + MILLISECONDS
  let points = 0
  while (iterator !== undefined && items.length < ITEMS && points < POINTS && performance.now() < end) {
    const { done, value } = await iterator.next()
    if (done === true) {
      lists.delete(list)
      return { items, more: null }
    }
    items.push(value)
    if (isSeries(value)) points += value.value.length
  }
  return { items, more: iterator === undefined ? null : list }
}
