import type { ReactElement, ReactNode } from 'react'
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components/Tooltip'
import { Kbd } from '../keys/kbd.tsx'
import s from './tooltip.module.css'

/**
 * A short text beside what it explains, on hover and on keyboard focus, with the shortcut if there is one. The child
 * must be one of our buttons (something that takes focus): a tooltip that only a mouse can reach is no tooltip.
 */
export function Tooltip({
  text,
  keys,
  children,
}: {
  text: ReactNode
  keys?: string | undefined
  children: ReactElement
}) {
  return (
    <TooltipTrigger delay={500} closeDelay={60}>
      {children}
      <AriaTooltip className={s.tooltip ?? ''} offset={5} placement="bottom">
        {text}
        {keys === undefined ? null : <Kbd keys={keys} />}
      </AriaTooltip>
    </TooltipTrigger>
  )
}
