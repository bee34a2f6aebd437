import type { FormEvent } from 'react'
import { useHost } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { isAddress } from './import-words.ts'
import s from './imports.module.css'

export type LocationFormProps = {
  readonly location: string
  readonly onLocation: (location: string) => void
  readonly token: string
  readonly onToken: (token: string) => void
  readonly busy: boolean
  readonly onLook: (location: string) => void
}

/** Where to take runs from: a path, or a tracking server's address with the token that it may want. */
export function LocationForm({ location, onLocation, token, onToken, busy, onLook }: LocationFormProps) {
  const { desktop, capabilities } = useHost()
  const choose = async (kind: 'folder' | 'file'): Promise<void> => {
    const { path } = (await desktop?.pickPath({ kind, title: 'Import from' })) ?? { path: null }
    if (path === null) return
    onLocation(path)
    onLook(path)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (location.trim() !== '') onLook(location.trim())
  }
  return (
    <form className={s.form} onSubmit={submit}>
      <div className={s.where}>
        <TextField
          label="Import from"
          value={location}
          onChange={onLocation}
          placeholder="~/thesis/mlruns, mlflow.db or http://127.0.0.1:5000"
          mono
          size="large"
          autoFocus
          className={s.location}
        />
        {capabilities.pickPath ? (
          <>
            <Button size="large" onPress={() => void choose('folder')}>
              Choose folder…
            </Button>
            <Button size="large" onPress={() => void choose('file')}>
              Choose file…
            </Button>
          </>
        ) : null}
        <Button size="large" type="submit" disabled={location.trim() === '' || busy}>
          Look inside
        </Button>
      </div>
      {isAddress(location) ? (
        <TextField
          label="Token, where the server wants one"
          value={token}
          onChange={onToken}
          help="Sent to that server alone. It is kept only if you follow the server, in a file that only you can read."
          mono
          secret
          className={s.token}
        />
      ) : null}
      <p className="s12 t2">
        An <span className="mono">mlruns</span> folder of any age, an <span className="mono">mlflow.db</span>, a folder
        that holds several of them, or the address of a running tracking server. Or drop one anywhere on this window.
      </p>
    </form>
  )
}
