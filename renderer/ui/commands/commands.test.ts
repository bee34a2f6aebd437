import { describe, expect, it, vi } from 'vitest'
import { createToasts } from '#renderer/ui/states/toasts.tsx'
import { runCommand, shownKeys, type Command, type CommandContext } from './command.ts'
import { createCommandRegistry } from './command-registry.tsx'

const command = (id: string, more: Partial<Command> = {}): Command => ({
  id,
  label: id,
  group: 'Runs',
  run: () => undefined,
  ...more,
})
const context = (): CommandContext => ({ route: { screen: 'home' }, toasts: createToasts() })

describe('the registry', () => {
  it('adds, finds and removes what was added, and only that', () => {
    const registry = createCommandRegistry()
    const first = registry.register([command('a'), command('b')])
    const second = registry.register([command('c')])
    first()
    expect(registry.store.getState().commands.map((one) => one.id)).toEqual(['c'])
    expect(registry.find('c')?.label).toBe('c')
    second()
    expect(registry.find('c')).toBeUndefined()
  })
  it('refuses a second command of the same name', () => {
    const registry = createCommandRegistry()
    registry.register([command('a')])
    expect(() => registry.register([command('a')])).toThrow('Two commands are named a')
    expect(() => registry.register([command('b'), command('b')])).toThrow('Two commands are named b')
  })
})

describe('runCommand', () => {
  it('does not run what may not', async () => {
    const run = vi.fn()
    await runCommand(command('a', { run, when: () => false }), context())
    expect(run).not.toHaveBeenCalled()
  })
  it('says what failed', async () => {
    const here = context()
    await runCommand(command('a', { run: () => Promise.reject(new Error('No such run')) }), here)
    expect(here.toasts.store.getState().toasts).toMatchObject([{ text: 'No such run', state: 'bad' }])
  })
  it('offers the undo of what changed the view', async () => {
    const here = context()
    const undo = vi.fn()
    await runCommand(command('a', { label: 'Hide all…', undo }), here)
    const [toast] = here.toasts.store.getState().toasts
    expect(toast?.text).toBe('Hide all')
    toast?.action?.onPress()
    expect(undo).toHaveBeenCalledWith(here)
  })
})

it('shows the first of several shortcuts', () => {
  expect([
    shownKeys(command('a')),
    shownKeys(command('a', { keys: 'x' })),
    shownKeys(command('a', { keys: ['y', 'z'] })),
  ]).toEqual([undefined, 'x', 'y'])
})
