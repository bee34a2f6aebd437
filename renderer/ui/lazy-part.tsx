import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'

/** A component whose code comes when it is first drawn. */
export interface LazyPart<Props> {
  (props: Props): ReactNode
  /** Brings the code before it is needed; drawing it then waits for nothing. */
  readonly preload: () => Promise<unknown>
}

/**
 * A screen or dialog that the first look at the window does without, in a file of its own. What is drawn until it is here is `meanwhile`, nothing
 * when left out. Code that can't be had (the app was updated under an open window) is an error that says what to do.
 */
export const lazyPart = <Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode = null,
): LazyPart<Props> => {
  const Loaded = lazy(async () => ({ default: await load().catch(notHere) }))
  const Part = (props: Props): ReactNode => (
    <Suspense fallback={meanwhile}>
      <Loaded {...props} />
    </Suspense>
  )
  return Object.assign(Part, { preload: () => load().catch(() => undefined) })
}

const NOT_LOADED = 'NotLoaded'

/** Code that can't be had. Only reloading brings it: a browser remembers which files it could not get. */
export const notLoaded = (cause?: unknown): Error =>
  Object.assign(new Error('This part of the window could not be loaded; reloading the window brings it', { cause }), {
    name: NOT_LOADED,
  })

/** Whether reloading the window is what mends this. */
export const isNotLoaded = ({ name }: Error): boolean => name === NOT_LOADED

const notHere = (cause: unknown): never => {
  throw notLoaded(cause)
}
