import { useRead, useWrite } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { useRemembered } from '#renderer/ui/view-storage.tsx'
import s from './projects.module.css'

/** Offers once to put `benchtop` on PATH; gone when it is there or was declined. */
export function CommandOffer() {
  const info = useRead('system.info', {})
  const install = useWrite('system.installCommand')
  const toasts = useToasts()
  const [declined, setDeclined] = useRemembered('command.declined', false, (stored) =>
    typeof stored === 'boolean' ? stored : undefined,
  )
  if (declined || info.data === undefined || info.data.installCommand === null) return null
  const put = (): void =>
    install.mutate(
      {},
      {
        onSuccess: ({ path }) => {
          setDeclined(true)
          toasts.show({ text: `benchtop is at ${path}.`, state: 'done' })
        },
        onError: (error) => void toasts.show({ text: error.message, state: 'bad' }),
      },
    )
  return (
    <div className={s.offer}>
      <span>
        From a terminal: <code className="mono">benchtop run -- python train.py</code>. The command is not on your PATH
        yet.
      </span>
      <Button size="small" disabled={install.isPending} onPress={put}>
        Put it there
      </Button>
      <Button size="small" tone="ghost" onPress={() => setDeclined(true)}>
        Not now
      </Button>
    </div>
  )
}
