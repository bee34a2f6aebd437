import { z } from 'zod'

/** A project's short name in addresses: `churn-3f2a`. */
export const ProjectId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/)
export type ProjectId = z.infer<typeof ProjectId>

/** 32 hexadecimal digits for our own runs; imported ones keep theirs. */
export const RunId = z.string().regex(/^[a-zA-Z0-9][\w-]{0,255}$/)
export type RunId = z.infer<typeof RunId>

/** MLflow's: a decimal string of up to 18 digits, never a JS number. */
export const ExperimentId = z.string().regex(/^[a-zA-Z0-9][\w-]{0,63}$/)
export type ExperimentId = z.infer<typeof ExperimentId>

/** Milliseconds since 1970, UTC. */
export const Time = z.number()

export const Columns = z.instanceof(Float64Array)

/** What changed, so that a page asks again for just that. */
export const Change = z.object({
  project: ProjectId.nullable(),
  entity: z.enum([
    'project',
    'run',
    'experiment',
    'metric',
    'artifact',
    'launch',
    'model',
    'settings',
    'undo',
    // A source of imports: its id; its job began, ended, was found missing.
    'import',
  ]),
  /** Ids of that entity; empty means "any of them". */
  ids: z.array(z.string()).readonly(),
  /** Grows by one with each change of the project. */
  revision: z.number().int(),
})
export type Change = z.infer<typeof Change>

export const RunStatus = z.enum(['queued', 'running', 'stopping', 'finished', 'failed', 'killed', 'lost'])
export type RunStatus = z.infer<typeof RunStatus>

/** Where a value came from: the script's own logging, our reading of its log, or what was captured around it. */
export const ParamOrigin = z.enum(['logged', 'captured'])
export type ParamOrigin = z.infer<typeof ParamOrigin>

export const SeriesOrigin = z.enum(['logged', 'log', 'system'])
export type SeriesOrigin = z.infer<typeof SeriesOrigin>

export const Nothing = z.object({})
export type Nothing = z.infer<typeof Nothing>

/** The number of a change in its project's undo log. */
export const ChangeNumber = z.number().int()

/** What an undoable mutation answers: by the number that change, and no other, is undone. Null where nothing had to be changed. */
export const UndoableChange = z.object({ change: ChangeNumber.nullable() })
export type UndoableChange = z.infer<typeof UndoableChange>

/** A number that a script logged: NaN and infinities too, which `z.number` refuses. */
export const LoggedNumber = z.custom<number>((value) => typeof value === 'number', 'A number')
