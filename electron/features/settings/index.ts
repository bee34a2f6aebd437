import { join } from 'node:path'
import { Settings, type settings as procedures } from '#shared/contract/settings.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import { readOrSetAside, writeJsonFile } from '#electron/platform/json-file.ts'
import type { Surroundings } from '#electron/features/projects/index.ts'

export type SettingsService = {
  readonly get: () => Settings
  readonly update: (change: Readonly<Record<string, unknown>>) => Settings
  readonly handlers: FeatureHandlers<typeof procedures>
}

/** The user's settings, in `settings.json` of the data folder; a damaged file counts as the defaults, and is kept aside. */
export function createSettings({ dataFolder, changed }: Pick<Surroundings, 'dataFolder' | 'changed'>): SettingsService {
  const file = join(dataFolder, 'settings.json')
  let current = readOrSetAside(file, Settings) ?? Settings.parse({})
  const update = (change: Readonly<Record<string, unknown>>): Settings => {
    const parsed = Settings.safeParse({ ...current, ...change })
    if (!parsed.success)
      throw appError('invalid', parsed.error.issues[0]?.message ?? 'That is not a setting.', {
        field: parsed.error.issues[0]?.path.join('.') ?? '',
      })
    const next = parsed.data
    writeJsonFile(file, next, 0o600)
    current = next
    changed({ project: null, entity: 'settings', ids: [] })
    return next
  }
  return {
    get: () => current,
    update,
    handlers: {
      get: () => current,
      update: ({ change }) => update(change),
    },
  }
}
