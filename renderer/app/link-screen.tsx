import { useEffect, useState } from 'react'
import { useClient } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'

/** Follows a link that an MLflow client printed: looks for the run in the projects, and goes to it. */
export function LinkScreen({ run }: { readonly run: string }) {
  const client = useClient()
  const [missing, setMissing] = useState(false)
  useEffect(() => {
    const controller = new AbortController()
    const look = async (): Promise<void> => {
      for (const { id, state } of await client.projects.recent({}, { signal: controller.signal })) {
        if (state !== 'ok') continue
        const found = await client.runs.find({ project: id, text: run, limit: 1 }, { signal: controller.signal })
        if (found[0]?.id === run) return navigate({ screen: 'run', project: id, run }, { replace: true })
      }
      setMissing(true)
    }
    look().catch(() => setMissing(!controller.signal.aborted))
    return () => controller.abort()
  }, [client, run])
  if (!missing) return null
  return (
    <EmptyState
      title="That run is not here"
      action={<Button onPress={() => navigate({ screen: 'home' })}>All projects</Button>}
    >
      None of your projects has a run {run}.
    </EmptyState>
  )
}
