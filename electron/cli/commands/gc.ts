import { formatBytes } from '#shared/lib/format.ts'
import { connectCli, projectOf } from '../backend-client.ts'
import { printTable } from '../print-table.ts'

export type GarbageOptions = { readonly apply: boolean; readonly json: boolean; readonly project?: string }

/** `benchtop gc`: says what could be given back to the disk, and with `--apply` does it. */
export async function gcCommand(options: GarbageOptions): Promise<string> {
  const cli = await connectCli()
  const project = await projectOf(cli, options.project, false)
  const space = await cli.client.projects.space({ project })
  const freed = options.apply ? await cli.client.projects.vacuum({ project }) : undefined
  if (options.json) return `${JSON.stringify({ ...space, ...freed }, null, 2)}\n`
  const rows = [
    ['database', formatBytes(space.databaseBytes), `${formatBytes(space.freeBytes)} of it empty`],
    ['its log', formatBytes(space.logBytes), 'written over again and again'],
    ['artifacts', formatBytes(space.artifactBytes), ''],
  ]
  const column = (align: 'left' | 'right') => ({ title: '', align })
  const columns = [column('left'), column('right'), column('left')]
  const table = printTable({ columns, rows }, 'table', { headless: true })
  const closing =
    freed !== undefined
      ? `Given back: ${formatBytes(freed.freedBytes)}.\n`
      : space.freeBytes === 0
        ? 'There is nothing to give back.\n'
        : `benchtop gc --apply gives ${formatBytes(space.freeBytes)} back to the disk. No run and no file goes.\n`
  return `${table}${closing}`
}
