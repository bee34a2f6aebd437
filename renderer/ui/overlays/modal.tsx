import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Modal as AriaModal, ModalOverlay } from 'react-aria-components/Modal'
import { cx } from '../cx.ts'
import s from './dialog.module.css'

export interface ModalProps {
  readonly open: boolean
  readonly onClose: () => void
  /** Heard as its name, unless the content has a heading with `slot="title"`. */
  readonly label?: string | undefined
  readonly width?: number | undefined
  /**
   * `dialog` has the paddings of a dialog; `bare` leaves all of the inside to the content (palette, sheet); `full` is
   * bare and takes nearly the whole window.
   */
  readonly kind?: 'dialog' | 'bare' | 'full' | undefined
  readonly role?: 'dialog' | 'alertdialog' | undefined
  readonly children: ReactNode
}

/** What lies over the page behind a scrim, keeps the focus inside, and gives it back. Escape or the scrim closes it. */
export function Modal({ open, onClose, label, width, kind = 'dialog', role = 'dialog', children }: ModalProps) {
  return (
    <ModalOverlay
      isOpen={open}
      onOpenChange={(next) => (next ? undefined : onClose())}
      isDismissable
      className={cx(s.scrim, kind === 'bare' && s.top, kind === 'full' && s.full)}
    >
      <AriaModal className={s.modal ?? ''} style={width === undefined ? {} : { width }}>
        <AriaDialog
          role={role}
          {...(label === undefined ? {} : { 'aria-label': label })}
          className={cx(s.dialog, kind === 'dialog' && s.padded)}
        >
          {children}
        </AriaDialog>
      </AriaModal>
    </ModalOverlay>
  )
}
