import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** One file at a time: these start backends, browsers and Python, which share two cores and the person's patience. */
function oneByOne(name: string, include: string, order: number) {
  return {
    root,
    test: {
      name,
      environment: 'node' as const,
      include: [include],
      pool: 'forks' as const,
      fileParallelism: false,
      sequence: { groupOrder: order },
      testTimeout: 180_000,
      hookTimeout: 180_000,
    },
  }
}

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{shared,electron,renderer}/**/*.test.ts', 'test/{architecture,setup}/**/*.test.ts'],
          pool: 'forks',
          setupFiles: ['test/setup/property-seed.ts'],
          // Longer than a test's patience for a state.
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        root,
        test: {
          name: 'contract',
          environment: 'node',
          include: ['test/contract/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      oneByOne('interop', 'test/interop/**/*.test.ts', 2),
      // Its own file, for the stand-in that takes the place of Electron.
      fileURLToPath(new URL('electron/vitest.config.ts', import.meta.url)),
      oneByOne('e2e', 'test/e2e/**/*.spec.ts', 4),
    ],
  },
})
