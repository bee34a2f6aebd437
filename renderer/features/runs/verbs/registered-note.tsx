import { useRead } from '#renderer/client/index.ts'

/** Before runs leave a project: what was registered from them stays in it, and loses the files that it is loaded from. Nothing where one run has nothing registered. */
export function RegisteredNote({ project, runs }: { readonly project: string; readonly runs: readonly string[] }) {
  const [run = ''] = runs
  const { data = [] } = useRead('models.ofRun', { project, run }, { enabled: runs.length === 1 })
  if (runs.length > 1) return <p>Model versions that were registered from them stay here, without their files.</p>
  if (data.length === 0) return null
  const names = data.map(({ name, version }) => `${name} v${version}`).join(', ')
  return (
    <p>
      {names} {data.length === 1 ? 'stays' : 'stay'} registered here without {data.length === 1 ? 'its' : 'their'}{' '}
      files: scripts can’t load {data.length === 1 ? 'it' : 'them'} any more.
    </p>
  )
}
