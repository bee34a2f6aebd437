import { defineConfig } from 'vitest/config'

const root = new URL('..', import.meta.url).pathname

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{shared,electron,renderer}/**/*.test.ts', 'test/{architecture,contract}/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 20_000,
        },
      },
    ],
  },
})
