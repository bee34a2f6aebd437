import { useEffect, useState } from 'react'
import { useAllCommands } from '#renderer/ui/commands/command-registry.tsx'
import { runCommand, shownKeys, type CommandContext } from '#renderer/ui/commands/command.ts'
import {
  commandRows,
  readQuery,
  sourceRows,
  type PaletteGroup,
  type PaletteItem,
  type PaletteSource,
} from './palette-model.ts'

interface Found {
  readonly text: string
  readonly items: Readonly<Record<string, readonly PaletteItem[]>>
}

/** How long the typing must rest before sources are asked. */
const REST_MILLISECONDS = 60

/** Groups of the palette for a query. What sources found for the text before stays until the new answer is there. */
export function usePaletteGroups(
  query: string,
  sources: readonly PaletteSource[],
  context: CommandContext,
  recent: readonly string[],
): { readonly groups: readonly PaletteGroup[]; readonly waiting: boolean } {
  const commands = useAllCommands()
  const asked = readQuery(query, sources)
  const [found, setFound] = useState<Found>({ text: '', items: {} })

  useEffect(() => {
    const control = new AbortController()
    const ask = async () => {
      const answers = await Promise.all(
        sources
          .filter((source) => asked.only === undefined || asked.only === source.id)
          .map(async (source): Promise<readonly [string, readonly PaletteItem[]]> => {
            try {
              return [source.id, await source.find(asked.text, control.signal)]
            } catch {
              // A source that fails must not hide what the others found; it says why on its own page.
              return [source.id, []]
            }
          }),
      )
      if (!control.signal.aborted) setFound({ text: asked.text, items: Object.fromEntries(answers) })
    }
    const timer = setTimeout(() => void ask(), REST_MILLISECONDS)
    return () => {
      clearTimeout(timer)
      control.abort()
    }
  }, [asked.text, asked.only, sources])

  const items = commands
    .filter((command) => command.hidden !== true && command.when?.(context) !== false)
    .map((command): PaletteItem => ({
      id: command.id,
      label: command.label,
      note: command.note,
      words: `${command.words ?? ''} ${command.group}`,
      icon: command.icon,
      keys: shownKeys(command),
      choose: () => void runCommand(command, context),
    }))
  const groups: PaletteGroup[] = []
  if (asked.only === undefined || asked.only === 'commands') {
    groups.push({
      id: 'commands',
      title: 'Commands',
      rows: commandRows(items, asked.text, recent, asked.only === 'commands'),
    })
  }
  for (const source of sources) {
    if (asked.only !== undefined && asked.only !== source.id) continue
    groups.push({
      id: source.id,
      title: source.title,
      rows: sourceRows(source, found.items[source.id] ?? [], asked.text),
    })
  }
  return { groups: groups.filter((group) => group.rows.length > 0), waiting: found.text !== asked.text }
}
