import { useEffect, useRef, useState } from 'react'
import type { ImportPlan, ImportProgress } from '#shared/contract/imports.ts'
import { AppError } from '#shared/rpc/errors.ts'
import { useClient } from '#renderer/client/index.ts'

/** Looking at a place before anything is taken in. */
export type Inspection =
  | { readonly state: 'idle' }
  | { readonly state: 'looking'; readonly location: string; readonly progress: ImportProgress | null }
  | { readonly state: 'planned'; readonly location: string; readonly token: string; readonly plan: ImportPlan }
  | { readonly state: 'failed'; readonly location: string; readonly message: string; readonly hint: string | undefined }

export type Inspect = {
  readonly inspection: Inspection
  readonly look: (location: string, token: string) => void
  /** Stops looking, and forgets what was found. */
  readonly clear: () => void
}

/** Asks the backend what an import would bring. A new look ends the one before. */
export function useInspect(project: string): Inspect {
  const client = useClient()
  const [inspection, setInspection] = useState<Inspection>({ state: 'idle' })
  const controller = useRef<AbortController>(null)
  useEffect(() => () => controller.current?.abort(), [])

  const clear = (): void => {
    controller.current?.abort()
    controller.current = null
    setInspection({ state: 'idle' })
  }
  const look = (location: string, token: string): void => {
    controller.current?.abort()
    const mine = new AbortController()
    controller.current = mine
    setInspection({ state: 'looking', location, progress: null })
    const set = (next: Inspection): void => {
      if (controller.current === mine) setInspection(next)
    }
    const follow = async (): Promise<void> => {
      try {
        const given = { project, location, ...(token === '' ? {} : { token }) }
        for await (const event of client.imports.inspect(given, { signal: mine.signal })) {
          if (event.type === 'plan') set({ state: 'planned', location, token, plan: event.plan })
          else set({ state: 'looking', location, progress: event.progress })
        }
      } catch (error) {
        if (mine.signal.aborted) return
        const known = error instanceof AppError ? error : undefined
        set({ state: 'failed', location, message: known?.message ?? String(error), hint: known?.hint })
      }
    }
    void follow()
  }
  return { inspection, look, clear }
}
