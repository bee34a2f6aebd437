import { isAbsolute, join } from 'node:path'
import { pageAddress } from '#shared/lib/page-address.ts'
import { findBackend } from '#electron/backend/ensure-backend.ts'
import { dataFolder } from '#electron/platform/data-folder.ts'
import { openAddress } from '#electron/platform/open-address.ts'
import { connectCli, projectOf } from '../backend-client.ts'
import { findRun, findTrashed } from '../find-run.ts'

export type StopOptions = { readonly run: string; readonly project?: string }
export type RestoreOptions = { readonly runs: readonly string[]; readonly project?: string }
export type OpenOptions = { readonly folder?: string; readonly print: boolean }
export type BackendOptions = { readonly action: 'status' | 'stop'; readonly force: boolean }

/** `benchtop stop RUN`. */
export async function stopCommand(options: StopOptions): Promise<string> {
  const cli = await connectCli()
  const project = await projectOf(cli, options.project, false)
  const run = await findRun(cli, project, options.run)
  const { signal, nextAt } = await cli.client.launch.stop({ project, run })
  return nextAt === null
    ? `Sent ${signal}.\n`
    : `Sent ${signal}; the next signal follows in ${Math.max(0, Math.round((nextAt - Date.now()) / 1_000))} s, or when you ask again.\n`
}

/** `benchtop restore RUN...`: out of the trash. */
export async function restoreCommand(options: RestoreOptions): Promise<string> {
  const cli = await connectCli()
  const project = await projectOf(cli, options.project, false)
  const runs = []
  for (const given of options.runs) runs.push(await findTrashed(cli, project, given))
  await cli.client.runs.restore({ project, runs: runs.map(({ id }) => id) })
  return runs.map(({ number, name }) => `Restored #${number} ${name}.\n`).join('')
}

/** `benchtop open [FOLDER]`: the page's address with its key, opened in the browser unless `--print`. */
export async function openCommand(options: OpenOptions): Promise<string> {
  const cli = await connectCli()
  const folder =
    options.folder === undefined || isAbsolute(options.folder) ? options.folder : join(process.cwd(), options.folder)
  const project = await projectOf(cli, folder, true)
  if (!options.print) {
    // Not with the token: every user of the machine can read what a program is started with.
    const { ticket } = await cli.client.system.ticket({})
    await openAddress(pageAddress(cli.url, { ticket, project }))
  }
  return `${pageAddress(cli.url, { token: cli.token, project })}\n`
}

/** `benchtop backend status|stop`. */
export async function backendCommand(options: BackendOptions): Promise<string> {
  const running = await findBackend(dataFolder())
  if (running === undefined) return 'No backend runs.\n'
  const cli = await connectCli()
  if (options.action === 'stop') {
    await cli.client.system.stop({ force: options.force })
    const ended = await hasEnded(running.pid)
    return ended ? 'Stopped.\n' : `It was told to stop and is still putting things away (pid ${running.pid}).\n`
  }
  const info = await cli.client.system.info({})
  const damaged = await cli.client.projects.damagedLists({})
  const lost = damaged.map(
    (file) =>
      `The list of projects was damaged; what was read of it is there, and a copy of all: ${file}\nA project that is missing comes back when its folder is opened: benchtop open FOLDER. Delete the copy when none is.\n`,
  )
  return [
    `${info.url} · pid ${info.pid} · version ${info.version} · ${info.live} live · data in ${info.dataFolder}\n`,
    ...lost,
  ].join('')
}

const END_PATIENCE = 15_000

async function hasEnded(pid: number): Promise<boolean> {
  for (const deadline = Date.now() + END_PATIENCE; Date.now() < deadline;) {
    try {
      process.kill(pid, 0)
    } catch {
      return true
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}
