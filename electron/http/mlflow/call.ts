import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { Fields } from './fields.ts'
import type { ClientServices } from './services.ts'

/** One request of a client, with its project found and its fields read. */
export type ClientCall = {
  readonly project: ProjectContext
  /** The launch whose address it used, when it did. */
  readonly launch: string | null
  readonly fields: Fields
  /** The same fields with bigints for whole numbers that a double rounds; read anew, so to be asked for only where there may be one. */
  readonly exactly: () => Fields
  readonly services: ClientServices
  readonly request: IncomingMessage
}

/** A request whose body or answer is bytes. */
export type StreamCall = ClientCall & { readonly response: ServerResponse; readonly path: string }

export type Handle = (call: ClientCall) => unknown

export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'
  /** Under `/api/2.0/mlflow/` and `/ajax-api/2.0/mlflow/`; `:name` segments become fields. */
  readonly path: string
  readonly handle: Handle
}

export const get = (path: string, handle: Handle): Route => ({ method: 'GET', path, handle })
export const post = (path: string, handle: Handle): Route => ({ method: 'POST', path, handle })
export const patch = (path: string, handle: Handle): Route => ({ method: 'PATCH', path, handle })
export const remove = (path: string, handle: Handle): Route => ({ method: 'DELETE', path, handle })
