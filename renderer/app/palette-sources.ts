import { useMemo } from 'react'
import { useClient } from '#renderer/client/index.ts'
import { findModels } from '#renderer/features/models/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import type { PaletteItem, PaletteSource } from './palette/palette-model.ts'

const FOUND = 12

/** Where the palette looks besides commands: the project's runs and models, and the projects. */
export function usePaletteSources(project: string | undefined): readonly PaletteSource[] {
  const client = useClient()
  return useMemo(() => {
    const runs: PaletteSource = {
      id: 'runs',
      title: 'Runs',
      prefix: { sign: '#', word: 'runs' },
      find: async (text, signal) => {
        if (project === undefined) return []
        const found = await client.runs.find({ project, text, limit: FOUND }, { signal })
        return found.map((run): PaletteItem => ({
          id: run.id,
          label: run.name,
          note: `#${run.number}, ${run.status}`,
          run: run.number,
          choose: () => navigate({ screen: 'run', project, run: run.id }),
        }))
      },
    }
    const models: PaletteSource = {
      id: 'models',
      title: 'Models',
      prefix: { sign: '@', word: 'models' },
      find: async (text, signal) => {
        if (project === undefined) return []
        const found = findModels(await client.models.list({ project }, { signal }), text)
        return found.slice(0, FOUND).map(({ name, newest, aliases }): PaletteItem => ({
          id: name,
          label: name,
          note: [
            newest === null ? 'no versions' : `v${newest.version}`,
            ...aliases.map(({ alias }) => `@${alias}`),
          ].join(', '),
          icon: 'models',
          hint: 'Open',
          choose: () => navigate({ screen: 'model', project, name }),
        }))
      },
    }
    const projects: PaletteSource = {
      id: 'projects',
      title: 'Projects',
      fixed: true,
      find: async (_text, signal) => {
        const recent = await client.projects.recent({}, { signal })
        return recent
          .filter(({ state }) => state === 'ok')
          .map(({ id, name, folder }): PaletteItem => ({
            id,
            label: name,
            note: folder,
            icon: 'folder',
            hint: 'Open',
            choose: () => navigate({ screen: 'runs', project: id }),
          }))
      },
    }
    return project === undefined ? [projects] : [runs, models, projects]
  }, [client, project])
}
