import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile, readOrSetAside, writeJsonFile } from '#electron/platform/json-file.ts'

/** Tokens by project and address. */
const Kept = z.record(z.string(), z.record(z.string(), z.string()))

/** What of a file of another shape can be used. */
function readable(file: string): z.infer<typeof Kept> {
  try {
    const projects = z.record(z.string(), z.unknown()).safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? {}
    return Object.fromEntries(
      Object.entries(projects).flatMap(([project, given]) => {
        const tokens = z.record(z.string(), z.unknown()).safeParse(given).data ?? {}
        const own = Object.entries(tokens).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
        return own.length === 0 ? [] : [[project, Object.fromEntries(own)]]
      }),
    )
  } catch {
    return {}
  }
}

/** Tokens of servers that are followed. Each is bound to its address: it is sent to no other, whatever a project's database says. */
export type TokenStore = {
  readonly get: (project: string, location: string) => string | undefined
  readonly keep: (project: string, location: string, token: string) => void
  readonly forget: (project: string, location: string) => void
  /** Forgets those of projects that nobody knows any more. */
  readonly forgetUnknown: (isKnown: (project: string) => boolean) => void
}

/**
 * Opens the store: a file of the user alone in the data folder. No keychain is asked, as only a window reaches it: the backend follows a server from its
 * start on, before there is any window and when none ever comes. Nothing of it is ever written into a project, a report or a log.
 */
export function openTokenStore(dataFolder: string): TokenStore {
  const file = join(dataFolder, 'import-tokens.json')
  const read = (): z.infer<typeof Kept> => readJsonFile(file, Kept) ?? readable(file)
  const write = (kept: z.infer<typeof Kept>): void => {
    // One that can't be read holds tokens all the same: whoever follows their servers may want them back.
    if (existsSync(file)) readOrSetAside(file, Kept)
    if (Object.keys(kept).length === 0) rmSync(file, { force: true })
    else writeJsonFile(file, kept, 0o600)
  }
  const own = (kept: z.infer<typeof Kept>, project: string): Readonly<Record<string, string>> =>
    Object.hasOwn(kept, project) ? (kept[project] ?? {}) : {}
  return {
    get(project, location) {
      const tokens = own(read(), project)
      return Object.hasOwn(tokens, location) ? tokens[location] : undefined
    },
    keep(project, location, token) {
      const kept = read()
      const before = own(kept, project)
      if (Object.hasOwn(before, location) && before[location] === token) return
      write({ ...kept, [project]: { ...before, [location]: token } })
    },
    forget(project, location) {
      const { [project]: before = {}, ...others } = read()
      if (!Object.hasOwn(before, location)) return
      const { [location]: _, ...rest } = before
      write(Object.keys(rest).length === 0 ? others : { ...others, [project]: rest })
    },
    forgetUnknown(isKnown) {
      const kept = Object.entries(read())
      const known = kept.filter(([project]) => isKnown(project))
      if (known.length < kept.length) write(Object.fromEntries(known))
    },
  }
}
