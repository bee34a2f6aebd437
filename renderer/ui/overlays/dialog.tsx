import type { ReactNode } from 'react'
import { Heading } from 'react-aria-components/Dialog'
import { Button } from '../buttons/button.tsx'
import { Modal } from './modal.tsx'
import s from './dialog.module.css'

export interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  /** A question that names number and size: "Delete 4 runs and 412 MB for good?" */
  readonly title: string
  /** What happens, and what stays. */
  readonly children?: ReactNode
  /** The verb, on the button: "Delete 412 MB". */
  readonly action: string
  readonly onAction: () => void
  /** Bytes go: Cancel has the focus and the verb is set in `bad`. */
  readonly destructive?: boolean | undefined
  readonly disabled?: boolean | undefined
  /** Beside the buttons, e.g. "This cannot be undone". */
  readonly note?: string | undefined
  readonly width?: number | undefined
  /** Null for no such button, where there is nothing to take back. */
  readonly cancel?: null | undefined
}

/** Asks before what cannot be undone, or for what a verb needs. What can be undone is done, with a toast instead. */
export function Dialog(props: DialogProps) {
  const destructive = props.destructive ?? false
  return (
    <Modal open={props.open} onClose={props.onClose} width={props.width} role={destructive ? 'alertdialog' : 'dialog'}>
      <Heading slot="title" className={s.title ?? ''}>
        {props.title}
      </Heading>
      {/* A form, so that Enter in a field does what the button says. */}
      <form
        className={s.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (props.disabled !== true) props.onAction()
        }}
      >
        <div className={s.body}>{props.children}</div>
        <div className={s.foot}>
          <span className={s.note}>{props.note}</span>
          {props.cancel === null ? null : (
            <Button size="large" onPress={props.onClose} autoFocus={destructive} className={s.cancel}>
              Cancel
            </Button>
          )}
          <Button size="large" tone={destructive ? 'danger' : 'primary'} disabled={props.disabled} type="submit">
            {props.action}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
