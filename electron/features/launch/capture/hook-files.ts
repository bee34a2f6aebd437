import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What the start-up hook left: see resources/python/hook/CAPTURE.md. */
const Parse = z.object({
  parser: z.enum(['argparse', 'click']),
  command: z.string().nullish(),
  from_command_line: z.boolean().nullish(),
  values: z.record(z.string(), z.unknown()),
  unparsed: z.array(z.string()).default([]),
})
export type HookParse = z.infer<typeof Parse>

const Common = {
  time: z.number(),
  pid: z.number().int(),
  parent: z.number().int().nullish(),
  python: z.string().nullish(),
  script: z.string().nullish(),
  module: z.string().nullish(),
}
const Rank = z
  .object({ rank: z.union([z.number(), z.string()]).nullish() })
  .loose()
  .nullish()

const HookFile = z.discriminatedUnion('kind', [
  z.object({ ...Common, kind: z.literal('argparse'), rank: Rank, parses: z.array(Parse) }),
  z.object({
    ...Common,
    kind: z.literal('seeds'),
    rank: Rank,
    seeds: z.array(z.object({ library: z.string(), value: z.unknown(), time: z.number() })),
  }),
])
export type HookFile = z.infer<typeof HookFile>

const LARGEST = 512 << 10
const MANY = 512

/** The hook's finished files, the oldest first; damaged ones are passed over. */
export function readHookFiles(folder: string): readonly HookFile[] {
  return names(folder)
    .flatMap((name) => {
      try {
        const text = readFileSync(join(folder, name), 'utf8')
        const parsed = text.length > LARGEST ? undefined : HookFile.safeParse(JSON.parse(text))
        return parsed?.success === true ? [parsed.data] : []
      } catch {
        return []
      }
    })
    .toSorted((a, b) => a.time - b.time)
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^(argparse|seeds)-\d+\.json$/.test(name))
      .slice(0, MANY)
  } catch {
    return []
  }
}

/** A rank other than the first says what the first says too. */
function isFirstRank({ rank }: HookFile): boolean {
  const number = rank?.rank ?? null
  return number === null || String(number) === '0'
}

export type HookFacts = {
  /** Values of parsed arguments, defaults included, nested ones as they are. */
  readonly values: Readonly<Record<string, unknown>>
  readonly parser: 'argparse' | 'click'
  readonly seeds: Readonly<Record<string, string>>
  /** Words that the parser left. */
  readonly unparsed: readonly string[]
  /** True when it is the very script of the command that parsed. */
  readonly ofScript: boolean
  /** The Python that ran the script. */
  readonly python: string | null
}

/**
 * What the files say of the run as a whole: the arguments of the process that ran `script` (as the command names it), or for a shell script those of the last
 * process that parsed its own; and the first seed of each library.
 */
export function hookFacts(files: readonly HookFile[], script: string | null): HookFacts | undefined {
  if (files.length === 0) return undefined
  const parsed = files.flatMap((file) =>
    file.kind === 'argparse' && isFirstRank(file)
      ? file.parses
          .filter((parse) => parse.from_command_line !== false && !isHydras(parse))
          .map((parse) => ({ file, parse }))
      : [],
  )
  const named = parsed.filter(({ file }) => isOf(file, script))
  // Where a Python script is known, what other processes parsed (a launcher's hundred options) is not its own.
  const isKnown = script !== null && !/\.(sh|bash|zsh)$/.test(script)
  const chosen = (named.at(-1) ?? (isKnown ? undefined : parsed.at(-1)))?.file
  // The parses of one process belong together: click's groups, a parser that is called again.
  const own = parsed.filter(({ file }) => file === chosen)
  const seeds: Record<string, string> = {}
  for (const file of files) {
    if (file.kind !== 'seeds' || !isFirstRank(file)) continue
    for (const { library, value } of file.seeds)
      seeds[library] ??= typeof value === 'string' ? value : JSON.stringify(value)
  }
  return {
    values: Object.assign({}, ...own.map(({ parse }) => parse.values)) as Readonly<Record<string, unknown>>,
    parser: own.at(-1)?.parse.parser ?? 'argparse',
    seeds,
    unparsed: own.flatMap(({ parse }) => parse.unparsed),
    ofScript: named.length > 0,
    python: chosen?.python ?? files.find(({ python }) => typeof python === 'string')?.python ?? null,
  }
}

function isOf(file: HookFile, script: string | null): boolean {
  if (script === null) return false
  return (
    file.module === script ||
    file.script === script ||
    file.script?.endsWith(`/${script.replace(/^\.\//, '')}`) === true
  )
}

/** Hydra reads its command line by a parser of its own; what it makes of it stands in its configuration. */
function isHydras({ values }: HookParse): boolean {
  return 'hydra_help' in values && 'overrides' in values
}
