import { hash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Pair } from '#electron/features/models/index.ts'
import { type Entry, entriesOf, type Place, readText, skip, quietly } from './files.ts'

/** A file whose path below a folder is the name of a parameter, a tag or a metric: `train/loss`. */
export type KeyedFile = { readonly key: string; readonly path: string }

const DEEPEST = 32
/** What rsync calls a file while it copies it. */
const UNFINISHED = /^\..+\.[A-Za-z0-9]{6}$/

/** All files below a folder of a run or model, by key. */
export function keyedFiles(place: Place, folder: string): readonly KeyedFile[] {
  const found: KeyedFile[] = []
  const walk = (inside: string, prefix: string, depth: number): void => {
    for (const { name, path, kind } of entriesOf(place, inside, 'files')) {
      const key = prefix + name
      if (kind === 'file' && UNFINISHED.test(name)) skip(place, path, 'it is a copy under way')
      else if (kind === 'file') found.push({ key, path })
      else if (depth < DEEPEST) walk(path, `${key}/`, depth + 1)
      else skip(place, path, 'it lies too deep')
    }
  }
  walk(folder, '', 0)
  return found.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** Largest value of a parameter or tag that is read, bytes. MLflow's own end at 8,000 characters; of old, a whole diff stood there. */
const LARGEST_VALUE = 16 << 20

/** The parameters or tags of a folder: the whole of each file is the value. */
export function keyedValues(place: Place, folder: string): readonly Pair[] {
  return keyedFiles(place, folder).flatMap(({ key, path }) => {
    const value = readText(place, path, LARGEST_VALUE)
    return value === undefined ? [] : [{ key, value }]
  })
}

/**
 * Names, sizes and times of a run's or model's own files, in 40 hexadecimal digits: none of them is read. `state` is what else it depends on, such
 * as whether its experiment lies in the trash.
 */
export function fingerprintOf(place: Place, folder: string, parts: readonly string[], state: string): string {
  const quiet = quietly(place)
  const lines = [state]
  const add = (key: string, path: string): void => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat !== undefined) lines.push(`${key}\0${stat.size}\0${stat.mtimeMs}`)
  }
  const entries: readonly Entry[] = entriesOf(quiet, folder, 'files')
  if (entries.some(({ name }) => name === 'meta.yaml')) add('meta.yaml', join(folder, 'meta.yaml'))
  for (const part of parts) {
    if (!entries.some(({ name, kind }) => name === part && kind === 'folder')) continue
    for (const { key, path } of keyedFiles(quiet, join(folder, part))) add(`${part}/${key}`, path)
  }
  return hash('sha1', lines.join('\n'))
}
