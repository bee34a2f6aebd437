import type { z } from 'zod'
import { appError, AppError, isAbort, toWireError, type WireError } from '#shared/rpc/errors.ts'
import { systemError } from '#electron/platform/system-error.ts'
import { type CallContext, type Contract, findProcedure, type Handlers, type Procedure } from '#shared/rpc/procedure.ts'

export type DispatcherOptions = {
  /** Parses outputs too: on in development and tests. */
  readonly checkOutputs: boolean
  /** Gets each unexpected throw with the id that the caller sees. */
  readonly onError: (error: unknown, method: string, logId: string) => void
  readonly newLogId: () => string
}

/** Runs the contract's handlers for whichever transport asks. */
export type Dispatcher = {
  readonly kindOf: (method: string) => Procedure['kind'] | undefined
  readonly call: (method: string, input: unknown, context: CallContext) => Promise<unknown>
  readonly stream: (method: string, input: unknown, context: CallContext) => AsyncIterable<unknown>
  readonly wireError: (error: unknown, method: string) => WireError
}

type AnyHandler = (input: unknown, context: CallContext) => unknown

/** Joins a contract and its handlers; inputs are always parsed, and a refusal names the field. */
export function createDispatcher<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  options: DispatcherOptions,
): Dispatcher {
  const table = handlers as unknown as Readonly<Record<string, Readonly<Record<string, AnyHandler>>>>

  const find = (method: string): { readonly procedure: Procedure; readonly handler: AnyHandler } => {
    const procedure = findProcedure(contract, method)
    const [feature = '', name = ''] = method.split('.')
    const handler = table[feature]?.[name]
    if (procedure === undefined || handler === undefined)
      throw appError('not_found', `There is no procedure ${method}.`)
    return { procedure, handler }
  }

  return {
    kindOf: (method) => findProcedure(contract, method)?.kind,
    async call(method, input, context) {
      const { procedure, handler } = find(method)
      if (procedure.kind === 'stream') throw appError('invalid', `${method} is a stream.`)
      const value = await handler(parseInput(procedure.input, input), context)
      context.signal.throwIfAborted()
      return options.checkOutputs ? procedure.output.parse(value) : value
    },
    async *stream(method, input, context) {
      const { procedure, handler } = find(method)
      if (procedure.kind !== 'stream') throw appError('invalid', `${method} is not a stream.`)
      const events = handler(parseInput(procedure.input, input), context) as AsyncIterable<unknown>
      for await (const event of events) yield options.checkOutputs ? procedure.event.parse(event) : event
    },
    wireError(error, method) {
      const logId = options.newLogId()
      if (error instanceof AppError || isAbort(error)) return toWireError(error, logId)
      options.onError(error, method, logId)
      return toWireError(systemError(error) ?? error, logId)
    },
  }
}

function parseInput(schema: z.ZodType, input: unknown): unknown {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  throw appError(
    'invalid',
    field === ''
      ? (issueWords(issue) ?? 'The input is not valid.')
      : `${field}: ${issueWords(issue) ?? 'is not valid'}`,
    {
      ...(field === '' ? {} : { field }),
    },
  )
}

/** What a person may do about an issue: a name that they typed is too long for us, say. Zod's own words for all others. */
function issueWords(issue: z.core.$ZodIssue | undefined): string | undefined {
  if (issue?.code === 'too_big' && issue.origin === 'string')
    return `it can have ${issue.maximum.toLocaleString('en')} characters at most`
  if (issue?.code === 'too_small' && issue.origin === 'string' && Number(issue.minimum) === 1) return 'it is empty'
  return issue?.message
}
