import type { ModelVersion, RegisteredModel, Stage } from '#electron/features/models/index.ts'

const STAGE: Readonly<Record<Stage, string>> = {
  none: 'None',
  staging: 'Staging',
  production: 'Production',
  archived: 'Archived',
}

/** RegisteredModel of MLflow's model_registry.proto. */
export function wireRegistered(model: RegisteredModel): unknown {
  const { name, description, createdAt, updatedAt, tags, aliases, latest } = model
  return {
    name,
    creation_timestamp: createdAt,
    last_updated_timestamp: updatedAt,
    ...(description === '' ? {} : { description }),
    ...(latest.length === 0
      ? {}
      : { latest_versions: latest.map((version) => wireVersion(version, { aliases: false })) }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(aliases.length === 0
      ? {}
      : { aliases: aliases.map(({ alias, version }) => ({ alias, version: String(version) })) }),
  }
}

/** ModelVersion of MLflow's model_registry.proto. The real server leaves aliases out of lists. */
export function wireVersion(version: ModelVersion, options: { readonly aliases?: boolean } = {}): unknown {
  const { description, user, tags, aliases } = version
  return {
    name: version.name,
    version: String(version.version),
    creation_timestamp: version.createdAt,
    last_updated_timestamp: version.updatedAt,
    ...(user === null ? {} : { user_id: user }),
    current_stage: STAGE[version.stage],
    ...(description === null ? {} : { description }),
    source: version.source,
    run_id: version.run ?? '',
    status: 'READY',
    ...(tags.length === 0 ? {} : { tags }),
    run_link: version.runLink,
    ...(aliases.length === 0 || options.aliases === false ? {} : { aliases }),
  }
}
