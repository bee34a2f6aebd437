import { dirname } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { appError } from '#shared/rpc/errors.ts'
import { APPLICATION_ID } from '#electron/db/check-file.ts'
import { readHeader } from '#electron/db/foreign/header.ts'
import { type ForeignDatabase, openForeign } from '#electron/db/foreign/open-foreign.ts'
import type { Loss } from '#electron/db/foreign/salvage.ts'
import { type ArtifactPlaces, createArtifactPlaces } from '../artifact-places.ts'
import type { Notice } from '../source.ts'
import { textOf } from './cells.ts'
import { SEARCHED, TABLES } from './tables.ts'

/** A database that is open, with what its readers share. */
export type Reading = {
  /** Of `alembic_version`; empty before there was one. */
  readonly revisions: readonly string[]
  /** Tells each note once. */
  readonly notice: Notice
  /** Rows may be missing that others name. */
  readonly isDamaged: () => boolean
  readonly places: ArtifactPlaces
  readonly read: ForeignDatabase['read']
  /** Lets others run when this has gone on for a while. */
  readonly breathe: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Milliseconds of reading between two turns of the event loop. */
const BREATH = 15

/** Below which folders files are looked for, the first first: the one that a person named, and those around the database. */
export function foldersBeside(file: string, named?: string): readonly string[] {
  return [...(named === undefined ? [] : [named]), dirname(file), dirname(dirname(file))]
}

/** Throws AppError: `unsupported` for what is no database of MLflow, and what openForeign throws. */
export async function openReading(file: string, notice: Notice, filesFolder?: string): Promise<Reading> {
  const once = onlyOnce(notice)
  let damaged: readonly string[] | undefined
  const database = await openForeign(file, {
    tables: TABLES,
    searched: SEARCHED,
    refused: (why) =>
      once({ kind: 'skipped', what: 'a part of the database', why: `It is not as MLflow makes it: ${why}.` }),
    damaged: (findings, losses) => {
      damaged = findings
      tellDamage(once, findings, losses)
    },
  })
  try {
    const tables = await database.read(({ schema }) => TABLES.filter((table) => schema.has(table)))
    const isLeft = damaged !== undefined && tables.includes('runs')
    if (!isMlflow(new Set(tables)) && !isLeft) await refuse(file, damaged)
    const revisions = await database.read(({ schema, all }) =>
      schema.columns('alembic_version').has('version_num') ? all('SELECT version_num FROM alembic_version') : [],
    )
    let since = performance.now()
    return {
      revisions: revisions.flatMap(([revision]) => textOf(revision) ?? []),
      notice: once,
      isDamaged: () => damaged !== undefined,
      places: createArtifactPlaces(foldersBeside(file, filesFolder)),
      read: database.read,
      async breathe() {
        if (performance.now() - since < BREATH) return
        await turn()
        since = performance.now()
      },
      close: database.close,
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** By the names of its tables, in lower case. */
export function isMlflow(tables: ReadonlySet<string>): boolean {
  return CORE.every((table) => tables.has(table))
}

/** Each database of MLflow has had these. */
const CORE: readonly string[] = ['experiments', 'runs', 'metrics', 'params', 'tags']

async function refuse(file: string, damaged: readonly string[] | undefined): Promise<never> {
  if (damaged !== undefined) {
    const why = foundText(damaged)
    throw appError(
      'corrupt',
      `${file} is an SQLite database, but damaged: ${why}. No run can be found in it any more.`,
      {
        hint: 'Take it in from a copy of an earlier day.',
      },
    )
  }
  const header = await readHeader(file)
  if (header.kind === 'sqlite' && header.applicationId === APPLICATION_ID)
    throw appError('unsupported', `${file} is a project of Benchtop's own, not a database of MLflow.`, {
      hint: 'Open its folder as a project.',
    })
  throw appError('unsupported', `${file} is an SQLite database, but not one of MLflow: it has no experiments and runs.`)
}

function onlyOnce(notice: Notice): Notice {
  const told = new Set<string>()
  return (note) => {
    const key = JSON.stringify(note)
    if (told.has(key)) return
    told.add(key)
    notice(note)
  }
}

/** The first of what SQLite found, on one line. */
function foundText(findings: readonly string[]): string {
  const lines = findings.flatMap((finding) => finding.split('\n')).filter((line) => !line.startsWith('***'))
  return lines.slice(0, 3).join('; ') || 'SQLite could not read all of it'
}

function tellDamage(notice: Notice, findings: readonly string[], losses: readonly Loss[]): void {
  const found = foundText(findings)
  notice({
    kind: 'noticed',
    what: 'the database',
    why: `The file is damaged (${found}). What could still be read came.`,
  })
  for (const { table, upTo } of losses) {
    // Of other tables it is not known that they were there.
    if (upTo === 'all' && !CORE.includes(table)) continue
    const whys = {
      all: 'The table can not be found any more.',
      some: 'They stand in damaged parts of the file; how many is not known.',
    }
    const why = typeof upTo === 'bigint' ? `${upTo} or fewer stand in damaged parts of the file.` : whys[upTo ?? 'some']
    notice({ kind: 'skipped', what: `rows of ${table}`, why })
  }
}
