import { z } from 'zod'
import { mutation, query, stream } from '../rpc/procedure.ts'
import { Nothing, ProjectId, RunId, Time } from './common.ts'

export const Interpreter = z.object({
  kind: z.enum(['system', 'venv', 'conda', 'uv', 'poetry']),
  path: z.string(),
  label: z.string(),
  version: z.string().nullable(),
})
export type Interpreter = z.infer<typeof Interpreter>

export const LaunchSpec = z.object({
  /** Program and arguments, as a shell would split them: `["python", "train.py", "--lr", "0.1"]`. */
  command: z.array(z.string().max(1_000_000)).min(1).max(10_000).readonly(),
  /** Where it runs; relative to the project's folder. */
  folder: z.string().default('.'),
  /** Stands in for a leading `python` or `python3` of the command. */
  interpreter: z.string().optional(),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  name: z.string().trim().max(500).optional(),
  experiment: z.string().trim().max(500).optional(),
  /** Keep a tracking server that the environment or `.env` names already. Null: kept where one is named. */
  keepTracking: z.boolean().nullable().default(null),
})
export type LaunchSpec = z.infer<typeof LaunchSpec>

export const LaunchPreview = z.object({
  command: z.array(z.string()).readonly(),
  folder: z.string(),
  /** Variables that the launch sets or changes, values masked where they are secret. */
  environment: z.array(z.object({ name: z.string(), value: z.string(), before: z.string().nullable() })).readonly(),
  /** Tracking servers that the environment or `.env` names, which the launch would replace unless kept. */
  tracking: z.array(z.object({ name: z.string(), value: z.string(), where: z.string() })).readonly(),
  /** Reasons why it can't start as it is: in words, with the field. */
  problems: z.array(z.object({ message: z.string(), field: z.string().nullable() })).readonly(),
  parameters: z.array(z.object({ key: z.string(), value: z.string() })).readonly(),
  script: z.string().nullable(),
  git: z.object({ branch: z.string().nullable(), uncommitted: z.number().int() }).nullable(),
})
export type LaunchPreview = z.infer<typeof LaunchPreview>

export const LogLine = z.object({
  /** The line's number from 0. */
  number: z.number().int(),
  time: Time.nullable(),
  stream: z.enum(['out', 'err']),
  /** torchrun's or accelerate's rank, when the line says it. */
  rank: z.number().int().nullable(),
  text: z.string(),
  /** A progress bar's line, kept at its latest state. */
  bar: z.boolean(),
})
export type LogLine = z.infer<typeof LogLine>

export const QueueEntry = z.object({
  run: RunId,
  name: z.string(),
  project: ProjectId,
  state: z.enum(['queued', 'running', 'stopping']),
  position: z.number().int(),
  queuedAt: Time,
  startedAt: Time.nullable(),
  device: z.string().nullable(),
  /** Set when files of the project changed since it was queued. */
  codeChanged: z.boolean(),
})
export type QueueEntry = z.infer<typeof QueueEntry>

export const StopState = z.object({
  /** Which signal was sent last. */
  signal: z.enum(['SIGINT', 'SIGTERM', 'SIGKILL']),
  /** When the next one follows by itself; null after the last. */
  nextAt: Time.nullable(),
})

/** What `benchtop run` needs to start the command itself in its terminal. */
export const Prepared = z.object({
  launch: z.string(),
  run: RunId,
  name: z.string(),
  url: z.string(),
  command: z.array(z.string()).readonly(),
  folder: z.string(),
  /** Variables to add to the terminal's own. */
  environment: z.record(z.string(), z.string()),
  /** The launch's folder of working files: the log, the exit file, the samples. */
  workFolder: z.string(),
  /** The tracking server that the environment or `.env` names and that was kept; the script logs there. */
  keptTracking: z.string().nullable(),
})
export type Prepared = z.infer<typeof Prepared>

export const launch = {
  interpreters: query(
    z.object({ project: ProjectId, folder: z.string().default('.') }),
    z.array(Interpreter).readonly(),
  ),
  /** Commands launched before in this project, newest first, for the form. */
  recent: query(z.object({ project: ProjectId }), z.array(LaunchSpec).readonly()),
  /** The spec of a run, to be changed and run again. */
  specOf: query(z.object({ project: ProjectId, run: RunId }), LaunchSpec),
  preview: query(z.object({ project: ProjectId, spec: LaunchSpec }), LaunchPreview),
  start: mutation(
    z.object({
      project: ProjectId,
      spec: LaunchSpec,
      queue: z.boolean().default(false),
      /** The environment to start from instead of the login shell's: that of the terminal which asks. It is not kept, so a queue can't. */
      base: z.record(z.string(), z.string()).optional(),
    }),
    z.object({ run: RunId }),
  ),
  /** A new attempt of the same run: same folder, same artifacts, metrics go on. */
  resume: mutation(z.object({ project: ProjectId, run: RunId }), z.object({ run: RunId })),
  /** SIGINT; pressed again, or after the grace, SIGTERM, then SIGKILL, to the whole tree. A queued run leaves the queue. */
  stop: mutation(z.object({ project: ProjectId, run: RunId }), StopState),
  stopState: query(z.object({ project: ProjectId, run: RunId }), StopState.nullable()),
  queue: query(Nothing, z.array(QueueEntry).readonly()),
  /** Puts a queued run at another place of the queue. */
  reorder: mutation(z.object({ run: RunId, position: z.number().int().min(0) }), Nothing),
  /** `benchtop run` in a terminal: makes the run, and says how to start the command. */
  prepare: mutation(
    z.object({ project: ProjectId, spec: LaunchSpec, pid: z.number().int(), terminal: z.boolean() }),
    Prepared,
  ),
  /** The shim's word that something is new in the work folder, or that the process ended. */
  poke: mutation(z.object({ launch: z.string() }), Nothing),
  log: query(
    z.object({
      project: ProjectId,
      run: RunId,
      from: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(10_000).default(1_000),
      rank: z.number().int().optional(),
    }),
    z.object({
      lines: z.array(LogLine).readonly(),
      total: z.number().int(),
      ranks: z.array(z.number().int()).readonly(),
      bytes: z.number(),
    }),
  ),
  /** Numbers of the lines that hold the text, case ignored. */
  searchLog: query(
    z.object({
      project: ProjectId,
      run: RunId,
      text: z.string().min(1).max(1_000),
      limit: z.number().int().max(100_000).default(10_000),
    }),
    z.object({ lines: z.array(z.number().int()).readonly(), truncated: z.boolean() }),
  ),
  /** New and changed lines as they come, at most 10 events a second. */
  followLog: stream(
    z.object({ project: ProjectId, run: RunId, from: z.number().int().min(0) }),
    z.object({ lines: z.array(LogLine).readonly(), total: z.number().int() }),
  ),
  /** How metrics are read from this script's log. */
  logRule: query(
    z.object({ project: ProjectId, script: z.string() }),
    z.object({
      enabled: z.boolean(),
      ignore: z.array(z.string()).readonly(),
      rename: z.record(z.string(), z.string()),
    }),
  ),
  setLogRule: mutation(
    z.object({
      project: ProjectId,
      script: z.string(),
      enabled: z.boolean(),
      ignore: z.array(z.string().max(250)).max(1_000).readonly(),
      rename: z.record(z.string(), z.string().max(250)),
    }),
    Nothing,
  ),
}
