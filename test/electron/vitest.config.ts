import { fileURLToPath } from 'node:url'
import { defineProject } from 'vitest/config'

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** The shell's own code on the stand-in for Electron. */
export default defineProject({
  root: path('../..'),
  resolve: { alias: { electron: path('./stand-in/electron.ts') } },
  test: {
    name: 'electron',
    environment: 'node',
    include: ['test/electron/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    sequence: { groupOrder: 3 },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
