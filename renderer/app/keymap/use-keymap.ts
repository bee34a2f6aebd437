import { useEffect, useEffectEvent, useRef } from 'react'
import { onMac, parseKeys } from '#renderer/ui/keys/keys.ts'
import { useCommandRegistry } from '#renderer/ui/commands/command-registry.tsx'
import { keysOf, runCommand, type CommandContext } from '#renderer/ui/commands/command.ts'
import { matchKeys, nothingPending, type Pending } from './match-keys.ts'

/** Where letters are text: shortcuts without Mod or Alt mean nothing there. */
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select'))

/** What a field does with these itself: undo, redo, all, cut, copy, paste. */
const editing = /^(?:Mod|Ctrl)\+(?:Shift\+)?[zyaxcv]$/i

/** Inside a float the page's shortcuts rest: its keys are its own. */
const inFloat = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]') !== null

const isPlain = (keys: string): boolean => parseKeys(keys).every((chord) => !(chord.mod || chord.control || chord.alt))

/** Listens for the shortcuts of all registered commands. Mounted once. */
export function useKeymap(context: CommandContext): void {
  const registry = useCommandRegistry()
  const pending = useRef<Pending>(nothingPending)
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || inFloat(event.target)) return
    const inText = typing(event.target)
    const { commands } = registry.store.getState()
    const bindings = commands
      .filter((command) => command.when?.(context) !== false)
      .flatMap((command) => keysOf(command).map((keys) => ({ id: command.id, keys })))
      .filter((binding) => !inText || !(isPlain(binding.keys) || editing.test(binding.keys)))
    const press = {
      key: event.key,
      ctrl: event.ctrlKey,
      meta: event.metaKey,
      alt: event.altKey,
      shift: event.shiftKey,
      at: event.timeStamp,
    }
    const matched = matchKeys(pending.current, press, bindings, onMac())
    pending.current = matched.pending
    if (matched.taken) event.preventDefault()
    const command = matched.id === undefined ? undefined : registry.find(matched.id)
    if (command !== undefined) void runCommand(command, context)
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
