import { useEffect, useState } from 'react'
import { useBackend } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import s from './notice.module.css'

/** A lost connection shorter than this is nobody's business. */
const QUIET = 700

/** Says when the page is cut off from the backend, and what to do. What is on screen stays as it was. */
export function ConnectionNotice() {
  const { useConnection, retry } = useBackend()
  const state = useConnection()
  const late = useLate(state.kind === 'lost' || state.kind === 'connecting' ? QUIET : 0, state.kind)
  if (state.kind === 'online' || !late) return null
  return (
    <div className={s.notice} role="status">
      {state.kind === 'locked' ? (
        <span>
          <b>This page needs its key.</b> Run <code>benchtop open</code> in a terminal, and follow the address that it
          prints.
        </span>
      ) : state.kind === 'mismatch' ? (
        <>
          <span>
            <b>Benchtop was updated.</b> This page is of the version before.
          </span>
          <Button size="small" onPress={() => location.reload()}>
            Reload
          </Button>
        </>
      ) : (
        <>
          <span>
            <b>{state.kind === 'lost' ? 'The backend does not answer.' : 'Connecting…'}</b>{' '}
            {state.kind === 'lost' ? 'Trainings go on and lose nothing; this page comes back by itself.' : ''}
          </span>
          <Button size="small" onPress={retry}>
            Try now
          </Button>
        </>
      )}
    </div>
  )
}

function useLate(milliseconds: number, key: string): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    setLate(milliseconds === 0)
    if (milliseconds === 0) return undefined
    const timer = setTimeout(() => setLate(true), milliseconds)
    return () => clearTimeout(timer)
  }, [milliseconds, key])
  return late
}
