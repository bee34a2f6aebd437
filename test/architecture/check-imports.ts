import type { Import, ModuleFacts } from './module-facts.ts'
import { bans, owners, rooms, type Room } from './rooms.ts'
import { isTest, isToolConfig, type Violation } from './source-files.ts'

/** What the imports of a file break of the rules in rooms.ts. */
export function checkImports(facts: ModuleFacts): readonly Violation[] {
  return facts.imports.flatMap((one) => {
    const why = reasonAgainst(one)
    return why === undefined ? [] : [`${one.from}:${one.line} imports ${named(one)}: ${why}`]
  })
}

function reasonAgainst(one: Import): string | undefined {
  if (one.from.startsWith('test/') || isToolConfig(one.from)) return undefined
  if (isTest(one.from)) return againstTest(one)
  return 'package' in one.to ? againstPackage(one.from, one.to.package) : againstFile(one, one.to.file)
}

/** A test beside the code may use tools and fixtures, but the two sides stay apart in it too. */
function againstTest({ from, to }: Import): string | undefined {
  return 'file' in to ? againstOtherSide(from, to.file) : undefined
}

function againstPackage(from: string, name: string): string | undefined {
  const ban = bans.find(({ folder, banned }) => isIn(from, folder) && banned.test(name))
  if (ban !== undefined) return ban.why
  const folders = Object.hasOwn(owners, name) ? owners[name] : undefined
  if (folders === undefined || folders.some((folder) => isIn(from, folder))) return undefined
  return folders.length === 0 ? 'nothing does' : `only ${folders.join(' and ')} may`
}

function againstFile({ from, typeOnly }: Import, file: string): string | undefined {
  if (isIn(file, 'test') || isTest(file)) return 'nothing but tests imports tests'
  const otherSide = againstOtherSide(from, file)
  if (otherSide !== undefined) return otherSide
  const room = roomOf(from)
  const may = [...(room?.may ?? []), ...(typeOnly ? (room?.mayTypes ?? []) : []), 'shared', room?.folder ?? 'nowhere']
  const target = roomOf(file)?.folder
  // A room inside a room (the gallery) is not the outer one's to import.
  const sameRoom = target === room?.folder
  const named = may.filter((folder) => folder !== room?.folder && isIn(file, folder)).length > 0
  if (!sameRoom && !named) return `${room?.folder ?? 'this place'} may import ${list(room)}`
  return againstFeature(from, file)
}

function againstOtherSide(from: string, file: string): string | undefined {
  const sides = ['electron', 'renderer']
  const [mine] = from.split('/')
  const [its] = file.split('/')
  const crossing = mine !== its && sides.includes(its ?? '') && (sides.includes(mine ?? '') || mine === 'shared')
  return crossing ? `${mine} and ${its} meet in shared alone` : undefined
}

/** From outside a feature, its index.ts is all there is. */
function againstFeature(from: string, file: string): string | undefined {
  const feature = featureOf(file)
  if (feature === undefined || feature === featureOf(from) || file === `${feature}/index.ts`) return undefined
  return `${feature} is reached through its index.ts`
}

/** `electron/features/runs` of a file below it; undefined outside features, and for files right in their folder. */
export function featureOf(file: string): string | undefined {
  return /^(electron|renderer)\/features\/[^/]+(?=\/)/.exec(file)?.[0]
}

function roomOf(path: string): Room | undefined {
  return rooms.filter(({ folder }) => isIn(path, folder)).toSorted((a, b) => b.folder.length - a.folder.length)[0]
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function list(room: Room | undefined): string {
  return ['shared', ...(room?.may ?? [])].join(', ')
}

function named({ to }: Import): string {
  return 'file' in to ? to.file : to.package
}

/**
 * The cycles between features, each as `a -> b -> a` and once. Type imports count: a feature that cannot be read
 * without the other is not apart from it.
 */
export function featureCycles(all: readonly ModuleFacts[]): readonly Violation[] {
  const edges = new Map<string, Set<string>>()
  for (const { from, to } of all.filter(({ path }) => !isTest(path)).flatMap(({ imports }) => imports)) {
    const [mine, its] = [featureOf(from), 'file' in to ? featureOf(to.file) : undefined]
    if (mine === undefined || its === undefined || mine === its) continue
    edges.set(mine, (edges.get(mine) ?? new Set()).add(its))
  }
  return [...edges.keys()].toSorted().flatMap((start) => {
    const way = wayBack(edges, start)
    // Each cycle is told once, from its first name.
    return way === undefined || way.some((name) => name < start) ? [] : [way.join(' -> ')]
  })
}

/** The shortest way from a node back to itself, by breadth. */
function wayBack(edges: ReadonlyMap<string, ReadonlySet<string>>, start: string): readonly string[] | undefined {
  const seen = new Set<string>()
  let ways: readonly (readonly string[])[] = [[start]]
  while (ways.length > 0) {
    const longer = ways.flatMap((way) => [...(edges.get(way.at(-1) ?? '') ?? [])].map((next) => [...way, next]))
    const back = longer.find((way) => way.at(-1) === start)
    if (back !== undefined) return back
    ways = longer.filter((way) => {
      const end = way.at(-1) ?? ''
      return seen.has(end) ? false : seen.add(end)
    })
  }
  return undefined
}
