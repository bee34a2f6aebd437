import { chromiumPart } from './chromium.ts'
import { gitPart } from './git.ts'
import { besideParts, pythonPart, torchPart } from './python.ts'
import type { pinnedApart, Stamp } from './cache.ts'
import type { Say } from './process.ts'

/** Something that the tests need and `npm ci` does not bring. */
export type Part = {
  readonly name: PartName
  /** Looks for the part without installing anything; undefined when it is not there, or no longer works. */
  readonly find: (folder: string) => Stamp | undefined
  /** Installs it; throws in words when it cannot be had. */
  readonly install: (folder: string, say: Say) => Promise<Stamp>
}

export type PartName = 'git' | 'chromium' | 'python' | 'torch' | (typeof pinnedApart)[number]

/** In the order of installing: quick and widely needed ones first. */
export const parts: readonly Part[] = [gitPart, chromiumPart, pythonPart, ...besideParts, torchPart]
