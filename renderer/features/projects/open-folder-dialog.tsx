import { useState } from 'react'
import { formatBytes } from '#shared/lib/format.ts'
import { formatDateTime } from '#shared/lib/format-time.ts'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { Dialog } from '#renderer/ui/overlays/dialog.tsx'
import s from './projects.module.css'
import { useOpenFolder } from './use-open-folder.ts'

/** Asks for a folder by its path, where the system's picker cannot be had, with the names of folders that begin so. */
export function OpenFolderDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const [path, setPath] = useState('')
  const folder = useOpenFolder()
  const restore = useWrite('projects.restore')
  const names = useRead('projects.folders', { prefix: path }, { enabled: open, keepPrevious: true })
  const look = useRead('projects.look', { folder: path }, { enabled: open && path.length > 1 })
  const [newest] = look.data?.backups ?? []
  const opened = ({ id }: { readonly id: string }): void => {
    onClose()
    navigate({ screen: 'runs', project: id })
  }
  const fault =
    folder.error?.message ??
    restore.error?.message ??
    (path.length > 1 && look.data?.exists === false ? (look.data.problem ?? undefined) : undefined)
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Open which folder?"
      action="Open folder"
      disabled={path.trim() === '' || folder.pending}
      onAction={() => folder.open(path.trim(), opened)}
      width={520}
    >
      <TextField
        label="Folder"
        value={path}
        onChange={setPath}
        placeholder="/home/ada/churn"
        mono
        autoFocus
        fault={fault}
        help={
          look.data?.isProject === true
            ? 'A project is there already.'
            : 'Benchtop adds one hidden folder, .benchtop, and nothing else.'
        }
      />
      {newest === undefined ? null : (
        <div className={s.backup}>
          <span>
            This folder had a history: {newest.runs ?? 'some'} runs, kept {formatDateTime(newest.takenAt, Date.now())} (
            {formatBytes(newest.bytes)}).
          </span>
          <Button
            size="small"
            onPress={() =>
              restore.mutate({ folder: look.data?.folder ?? path, file: newest.file }, { onSuccess: opened })
            }
          >
            Restore it
          </Button>
        </div>
      )}
      <ul className={s.folders} aria-label="Folders">
        {(names.data ?? []).slice(0, 8).map((name) => (
          <li key={name}>
            <button type="button" onClick={() => setPath(`${name}/`)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
