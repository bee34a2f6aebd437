import type { ComponentType } from 'react'
import { type LazyPart, lazyPart } from './lazy-part.tsx'
import { Loading } from './states/loading.tsx'

/** A whole screen that comes when it is first opened; until then its shape is drawn. `label` is heard: "Settings". */
export const lazyScreen = <Props extends object>(
  label: string,
  load: () => Promise<ComponentType<Props>>,
): LazyPart<Props> => lazyPart(load, <Loading label={label} rows={12} />)
