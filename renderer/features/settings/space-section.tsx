import { useRead, useWrite } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Pair, Pairs, Section } from '#renderer/ui/layout/section.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { formatBytes } from '#shared/lib/format.ts'
import s from './settings.module.css'

/** Less is filled again by the next run. */
const WORTH_GIVING_BACK = 1_000_000

/** What the open project takes on disk, and the way to give back what deletions left empty. */
export function SpaceSection({ project }: { readonly project: string }) {
  const space = useRead('projects.space', { project })
  const vacuum = useWrite('projects.vacuum')
  const toasts = useToasts()
  if (space.error !== null) return <p className="s12 t2">{space.error.message}</p>
  if (space.data === undefined) return null
  const { databaseBytes, freeBytes, logBytes, artifactBytes, diskFreeBytes } = space.data
  const running = vacuum.isPending || space.data.vacuum.running
  const give = (): void =>
    vacuum.mutate(
      { project },
      {
        onSuccess: ({ freedBytes }) =>
          void toasts.show({ text: `${formatBytes(freedBytes)} given back to the disk.`, state: 'done' }),
        onError: (error) => void toasts.show({ text: error.message, state: 'bad' }),
      },
    )
  return (
    <Section title="Space on disk" note="of this project">
      <Pairs>
        <Pair label="Artifacts">{formatBytes(artifactBytes)}</Pair>
        <Pair label="Database">{`${formatBytes(databaseBytes)}, ${formatBytes(freeBytes)} of it empty`}</Pair>
        <Pair label="Its log">{formatBytes(logBytes)}</Pair>
        <Pair label="Free on the disk">{formatBytes(diskFreeBytes)}</Pair>
      </Pairs>
      {freeBytes < WORTH_GIVING_BACK && !running ? null : (
        <div className={s.install}>
          <p className="s12 t2">Deleted runs left {formatBytes(freeBytes)} empty. New ones fill it again.</p>
          <Button disabled={running} onPress={give}>
            {running ? 'Giving it back…' : 'Give it back to the disk'}
          </Button>
        </div>
      )}
    </Section>
  )
}
