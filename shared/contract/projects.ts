import { z } from 'zod'
import { mutation, query } from '../rpc/procedure.ts'
import { ChangeNumber, Nothing, ProjectId, Time } from './common.ts'

export const ProjectState = z.enum(['ok', 'missing', 'read_only', 'corrupt', 'newer'])

export const ProjectSummary = z.object({
  id: ProjectId,
  name: z.string(),
  folder: z.string(),
  openedAt: Time,
  state: ProjectState,
  inbox: z.boolean(),
})
export type ProjectSummary = z.infer<typeof ProjectSummary>

export const Project = z.object({
  id: ProjectId,
  name: z.string(),
  folder: z.string(),
  inbox: z.boolean(),
  /** What a script needs to log here: `http://127.0.0.1:5080/p/churn-3f2a`. */
  trackingUri: z.string(),
  database: z.string(),
  /** Set when the database does not lie in the folder, with the reason. */
  databaseElsewhere: z.string().nullable(),
  readOnly: z.boolean(),
  git: z
    .object({ branch: z.string().nullable(), commit: z.string().nullable(), uncommitted: z.number().int() })
    .nullable(),
  counts: z.object({
    runs: z.number().int(),
    running: z.number().int(),
    queued: z.number().int(),
    archived: z.number().int(),
    trashed: z.number().int(),
    models: z.number().int(),
  }),
})
export type Project = z.infer<typeof Project>

export const Backup = z.object({
  file: z.string(),
  takenAt: Time,
  bytes: z.number(),
  runs: z.number().int().nullable(),
})

/** What a project takes on disk, bytes. */
export const ProjectSpace = z.object({
  databaseBytes: z.number(),
  /** Of the database: what deletions left empty. It is filled again first; `vacuum` gives it back to the disk. */
  freeBytes: z.number(),
  /** The database's write-ahead log. */
  logBytes: z.number(),
  artifactBytes: z.number(),
  diskFreeBytes: z.number(),
  vacuum: z.object({ running: z.boolean(), freedBytes: z.number(), leftBytes: z.number() }),
})
export type ProjectSpace = z.infer<typeof ProjectSpace>

export const projects = {
  /** Projects opened before, newest first; the Inbox last. */
  recent: query(Nothing, z.array(ProjectSummary).readonly()),
  /**
   * Copies of the list of projects that could not be read whole, as long as they are there: the list was put together again from what could, so projects may be
   * missing whose folders and runs are where they were.
   */
  damagedLists: query(Nothing, z.array(z.string()).readonly()),
  get: query(z.object({ project: ProjectId }), Project),
  /**
   * Opens a folder as a project, making `.benchtop/` in it the first time. A git worktree opens its main tree's project.
   * Refuses with `corrupt`, `schema_too_new`, `read_only`, `not_found`; nothing is changed then.
   */
  open: mutation(z.object({ folder: z.string().min(1), create: z.boolean().default(true) }), Project),
  /** Which folder lies at a path and what opening it would do; for the form, before `open`. */
  look: query(
    z.object({ folder: z.string().min(1) }),
    z.object({
      exists: z.boolean(),
      /** The folder that would open: the worktree's main tree, the link's target. */
      folder: z.string(),
      isProject: z.boolean(),
      /** Rolling backups of a history that this folder had, newest first, where it has no run now: `.benchtop/` was deleted. */
      backups: z.array(Backup).readonly(),
      problem: z.string().nullable(),
    }),
  ),
  /** Names of the folders inside a folder, for a path field where there is no picker. */
  folders: query(z.object({ prefix: z.string() }), z.array(z.string()).max(50).readonly()),
  /** Copies the sample project into `folder` (default: a new folder in the user's home) and opens it. */
  sample: mutation(z.object({ folder: z.string().optional() }), Project),
  rename: mutation(z.object({ project: ProjectId, name: z.string().trim().min(1).max(100) }), Nothing),
  /** Takes the project off the list; its files stay. */
  forget: mutation(z.object({ project: ProjectId }), Nothing),
  backups: query(z.object({ project: ProjectId }), z.array(Backup).readonly()),
  backUpNow: mutation(z.object({ project: ProjectId }), Backup),
  /** Puts a backup in the place of the database; what was there before is kept beside it. */
  restore: mutation(z.object({ folder: z.string(), file: z.string() }), Project),
  space: query(z.object({ project: ProjectId }), ProjectSpace),
  /**
   * Gives the database's empty pages back to the disk, a few at a time between other writes; `space` tells how far it is. A second call
   * joins the first. Refuses with `disk_full` where the disk has no room for the work.
   */
  vacuum: mutation(z.object({ project: ProjectId }), z.object({ freedBytes: z.number() })),
  /**
   * Undoes an undoable change: that of the number, or the newest. What was changed again since stays; refused with `conflict` where that is all of it. `label` says
   * what was undone; null when there is nothing.
   */
  undo: mutation(
    z.object({ project: ProjectId, change: ChangeNumber.optional() }),
    z.object({
      change: ChangeNumber.nullable(),
      label: z.string().nullable(),
      /** Things that it had changed and that were changed again since: they stay. */
      kept: z.number().int(),
    }),
  ),
}
