import { connectCli, projectOf } from '../backend-client.ts'
import { modelIn } from '../find-model.ts'
import { jsonText } from '../json-text.ts'
import { modelsText, modelText, versionText } from '../models-text.ts'
import type { TableStyle } from '../print-table.ts'

export type ModelsOptions = {
  /** A registered model, or a version of one; null for all. */
  readonly model: string | null
  readonly project?: string
  readonly style: TableStyle
}

/** `benchtop models [NAME[/VERSION|@ALIAS]]`: the model registry. */
export async function modelsCommand({ model, project: given, style }: ModelsOptions): Promise<string> {
  const cli = await connectCli()
  const project = await projectOf(cli, given, false)
  const { models, projects } = cli.client
  const now = Date.now()
  const rows = await models.list({ project })
  if (model === null) {
    if (style === 'json') return jsonText(rows)
    if (rows.length > 0 || style === 'csv') return modelsText(rows, style, now)
    process.stderr.write('No model is registered here yet. mlflow.register_model in a script does it.\n')
    return ''
  }
  const { name, version } = modelIn(rows, model)
  if (version === null) {
    const detail = await models.get({ project, name })
    return style === 'json' ? jsonText(detail) : modelText(detail, style, now)
  }
  const detail = await models.version({ project, name, version })
  if (style === 'json') return jsonText({ name, ...detail })
  const { trackingUri } = await projects.get({ project })
  return versionText(name, detail, { trackingUri, style, now })
}
