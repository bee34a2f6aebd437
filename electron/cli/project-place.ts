import { basename, resolve } from 'node:path'
import { AppError } from '#shared/rpc/app-error.ts'
import { rootAbove } from '#electron/platform/project-root.ts'
import { type CliClient, projectOf } from './backend-client.ts'

/** A project as a terminal names it. */
export type ProjectPlace = {
  /** Null for a folder that is none yet. */
  readonly id: string | null
  readonly name: string
  readonly folder: string
}

/** The place of a project that is known. */
export async function placeOfProject({ client }: CliClient, id: string): Promise<ProjectPlace> {
  const { name, folder } =
    (await client.projects.recent({})).find((known) => known.id === id) ?? (await client.projects.get({ project: id }))
  return { id, name, folder }
}

/** What `projectOf` would open, without making it. */
export async function placeOfGiven(cli: CliClient, given: string | undefined): Promise<ProjectPlace> {
  try {
    return await placeOfProject(cli, await projectOf(cli, given, false))
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error
    const folder = given === undefined ? rootAbove(process.cwd()) : resolve(given)
    return { id: null, name: basename(folder), folder }
  }
}

/** `churn (/home/ada/churn)`. */
export const placeText = ({ name, folder }: ProjectPlace): string => `${name} (${folder})`
