import type { ReactElement, ReactNode } from 'react'
import { Dialog, DialogTrigger, Popover as AriaPopover } from 'react-aria-components/Popover'
import { cx } from '../cx.ts'
import s from './menu.module.css'
import own from './popover.module.css'

export interface PopoverProps {
  /** Heard as its name. */
  readonly label: string
  /** The button that opens it. */
  readonly trigger: ReactElement
  readonly children: ReactNode | ((close: () => void) => ReactNode)
  readonly placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end' | 'right top' | undefined
  readonly width?: number | undefined
}

/** A small float with controls in it, e.g. a column chooser. Escape and a click outside close it. */
export function Popover({ label, trigger, children, placement = 'bottom start', width }: PopoverProps) {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover
        className={cx(s.float, own.popover)}
        placement={placement}
        offset={4}
        style={width === undefined ? {} : { width }}
      >
        <Dialog aria-label={label} className={own.dialog ?? ''}>
          {({ close }) => <>{typeof children === 'function' ? children(close) : children}</>}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  )
}
