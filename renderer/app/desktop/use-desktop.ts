import { useEffect, useEffectEvent } from 'react'
import { useBackend, useHost } from '#renderer/client/index.ts'
import { useAllCommands, useCommandRegistry } from '#renderer/ui/commands/command-registry.tsx'
import { type CommandContext, runCommand } from '#renderer/ui/commands/command.ts'
import { menuItems } from './menu-items.ts'

/** Gives the desktop's menu bar the page's commands and runs those picked there; nothing in a browser. Mounted once. */
export function useDesktop(context: CommandContext): void {
  const { desktop } = useHost()
  const { retry } = useBackend()
  const registry = useCommandRegistry()
  const commands = useAllCommands()
  const items = JSON.stringify(menuItems(commands, context))
  useEffect(() => {
    void desktop?.setMenu({ items: JSON.parse(items) as ReturnType<typeof menuItems> })
  }, [desktop, items])

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
