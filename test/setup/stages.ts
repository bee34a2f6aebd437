/** One step of `npm test`: a program of node_modules/.bin or a script, and for vitest the project that it runs. */
export type Stage = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Whether vitest runs it, so that its tests are counted. */
  readonly counted: boolean
}

/** In the order of running: what is quick to fail first, what needs a browser and Python last. */
export const stages: readonly Stage[] = [
  plain('set-up', 'node', ['test/setup/set-up.ts']),
  plain('types', 'tsc', ['-b']),
  plain('lint', 'oxlint', []),
  plain('format', 'oxfmt', ['--check', '.']),
  counted('unit'),
  counted('contract'),
  counted('interop'),
  counted('electron'),
  counted('e2e'),
]

function plain(name: string, command: string, args: readonly string[]): Stage {
  return { name, command, args, counted: false }
}

function counted(name: string): Stage {
  return {
    name,
    command: 'vitest',
    args: ['run', '--config', 'test/vitest.config.ts', '--project', name],
    counted: true,
  }
}
