import { app, Notification } from 'electron'
import { z } from 'zod'
import { askBackend } from '#electron/transport/ask-backend.ts'
import type { BackendKeeper } from './backend-keeper.ts'

const Live = z.object({ live: z.number() })
/** Milliseconds that leaving may take longer for it. */
const PATIENCE = 500

/** On quitting, says that what runs goes on: nothing of it depends on the window. */
export function farewell({
  backend,
  onLeave,
}: {
  readonly backend: BackendKeeper
  readonly onLeave: () => void
}): void {
  let said = false
  app.on('before-quit', (event) => {
    if (said) return
    said = true
    event.preventDefault()
    onLeave()
    backend.close()
    void sayWhatGoesOn(backend).finally(() => app.quit())
  })
}

async function sayWhatGoesOn(backend: BackendKeeper): Promise<void> {
  const known = backend.known()
  if (known === undefined) return
  const live = await askBackend(known, 'system.info', {}, Live, PATIENCE).then(
    (info) => info.live,
    () => 0,
  )
  if (live === 0) return
  const title = live === 1 ? 'One run goes on' : `${live} runs go on`
  const body = 'Nothing was stopped. Start Benchtop again to watch.'
  console.log(`${title}. ${body}`)
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body })
  await new Promise<void>((resolve) => {
    notification.once('show', () => resolve())
    notification.once('failed', () => resolve())
    setTimeout(resolve, PATIENCE).unref()
    notification.show()
  })
}
