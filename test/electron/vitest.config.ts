import { fileURLToPath } from 'node:url'
import { defineProject } from 'vitest/config'
import { findElectron } from '#electron/start/electron-binary.ts'

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/**
 * Electron's program cannot be had on build machines. There its file is left out in words, instead of being counted as skipped;
 * everywhere else it is skipped by name, or runs.
 */
const leftOut =
  process.env['BENCHTOP_REQUIRE_ALL'] === '1' &&
  findElectron(path('../..'), process.env, process.platform) === undefined
if (leftOut) console.log('left out: test/electron/real-electron.test.ts (Electron’s program cannot be had here)')

/** The shell's own code on the stand-in for Electron. */
export default defineProject({
  root: path('../..'),
  resolve: { alias: { electron: path('./stand-in/electron.ts') } },
  test: {
    name: 'electron',
    environment: 'node',
    include: ['test/electron/**/*.test.ts'],
    ...(leftOut ? { exclude: ['test/electron/real-electron.test.ts'] } : {}),
    pool: 'forks',
    fileParallelism: false,
    sequence: { groupOrder: 3 },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
