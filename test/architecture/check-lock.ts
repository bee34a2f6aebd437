import { z } from 'zod'
import type { Violation } from './source-files.ts'

const names = z.record(z.string(), z.string()).default({})

/** What we read of a package-lock.json of version 3: packages by their folder. */
const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ resolved: z.string().optional(), dependencies: names, optionalDependencies: names }),
  ),
})

/**
 * What keeps `npm ci` from working elsewhere: packages that the lock needs and lacks (npm leaves out, without a word,
 * other systems' parts that the registry at hand does not have, and then refuses the lock), and addresses of registries.
 */
export function checkLock(text: string): readonly Violation[] {
  const { packages } = Lock.parse(JSON.parse(text))
  return Object.entries(packages).flatMap(([folder, { resolved, dependencies, optionalDependencies }]) => [
    ...Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !lookUp(folder, name).some((place) => Object.hasOwn(packages, place)))
      .map((name) => `${folder || 'package.json'} needs ${name}, which the lock file lacks`),
    ...(resolved?.startsWith('http') ? [`${folder} comes from ${new URL(resolved).host}`] : []),
  ])
}

/** Where Node looks for a package from a folder: there and in each folder above. */
function lookUp(folder: string, name: string): readonly string[] {
  const parents = folder.split('/node_modules/').map((_, at, all) => all.slice(0, at + 1).join('/node_modules/'))
  return ['', ...parents].map((parent) => `${parent === '' ? '' : `${parent}/`}node_modules/${name}`)
}
