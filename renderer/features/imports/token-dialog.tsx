import { useState } from 'react'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { Dialog } from '#renderer/ui/overlays/dialog.tsx'

export type TokenDialogProps = {
  readonly title: string
  readonly action: string
  /** Whether the source is, or will be, followed: then the token is kept. */
  readonly followed: boolean
  readonly onClose: () => void
  readonly onToken: (token: string) => void
}

/** Asks for the token of a server. */
export function TokenDialog({ title, action, followed, onClose, onToken }: TokenDialogProps) {
  const [token, setToken] = useState('')
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      action={action}
      onAction={() => {
        onToken(token.trim())
        onClose()
      }}
    >
      <TextField
        label="Token, where the server wants one"
        value={token}
        onChange={setToken}
        help={tokenHelp(followed)}
        mono
        secret
        autoFocus
      />
    </Dialog>
  )
}

/** What becomes of a token. */
export function tokenHelp(followed: boolean): string {
  return followed
    ? 'Sent to that server alone. Kept while it is followed, in a file that only you can read.'
    : 'Sent to that server alone, and kept nowhere.'
}
