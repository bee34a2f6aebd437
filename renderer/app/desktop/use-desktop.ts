import { useEffect, useEffectEvent } from 'react'
import { useBackend, useHost } from '#renderer/client/index.ts'
import { useAllCommands, useCommandRegistry } from '#renderer/ui/commands/command-registry.tsx'
import { type CommandContext, runCommand } from '#renderer/ui/commands/command.ts'
import { menuItems } from './menu-items.ts'

/** What a person does, such as selecting a row, may make a command fit or not: the menu bar is looked at again once they rest. */
const LOOKS = ['keyup', 'pointerup', 'focus'] as const
const REST = 150

/** Gives the desktop's menu bar the page's commands and runs those picked there; nothing in a browser. Mounted once. */
export function useDesktop(context: CommandContext): void {
  const { desktop } = useHost()
  const { retry } = useBackend()
  const registry = useCommandRegistry()
  const commands = useAllCommands()
  const itemsNow = useEffectEvent(() => menuItems(registry.store.getState().commands, context))
  useEffect(() => {
    if (desktop === null) return undefined
    let shown = ''
    let timer = 0
    const tell = (): void => {
      const items = itemsNow()
      const text = JSON.stringify(items)
      if (text === shown) return
      shown = text
      void desktop.setMenu({ items })
    }
    const look = (): void => {
      clearTimeout(timer)
      timer = window.setTimeout(tell, REST)
    }
    tell()
    for (const event of LOOKS) window.addEventListener(event, look)
    return () => {
      clearTimeout(timer)
      for (const event of LOOKS) window.removeEventListener(event, look)
    }
  }, [desktop, commands, context])

  const onCommand = useEffectEvent((id: string) => {
    const command = registry.find(id)
    if (command !== undefined) void runCommand(command, context)
  })
  useEffect(() => {
    if (desktop === null) return undefined
    const closing = new AbortController()
    const listen = async (): Promise<void> => {
      for await (const event of desktop.events({}, { signal: closing.signal })) {
        if (event.type === 'command') onCommand(event.command)
        // The backend was started again: there is no need to wait for the next try.
        else retry()
      }
    }
    // The port closes with the window.
    listen().catch(() => {})
    return () => closing.abort()
  }, [desktop, retry])
}
