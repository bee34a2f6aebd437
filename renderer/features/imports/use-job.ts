import { useState } from 'react'
import type { ImportProgress } from '#shared/contract/imports.ts'
import { useFollow } from '#renderer/client/index.ts'

/** How the import of a source goes: the newest word of its job; null before the first, or while another source of the job is read. */
export function useJob(project: string, job: string | null, location: string): ImportProgress | null {
  const [progress, setProgress] = useState<{ readonly job: string; readonly at: ImportProgress } | null>(null)
  useFollow('imports.follow', job === null ? null : { project, job }, (event) => {
    if (event.type === 'progress' && event.location === location && job !== null)
      setProgress({ job, at: event.progress })
  })
  return progress !== null && progress.job === job ? progress.at : null
}
