import { useEffect, useState } from 'react'
import { Button, type ButtonSize, type ButtonTone } from './button.tsx'
import { IconButton } from './icon-button.tsx'

export interface CopyButtonProps {
  readonly text: string
  readonly label?: string | undefined
  readonly size?: ButtonSize | undefined
  readonly tone?: ButtonTone | undefined
  /** Only the icon, where there is little room; the words are its name. */
  readonly icon?: boolean | undefined
}

/** Copies a text and says so on itself for a moment; says as well when the system did not allow it. */
export function CopyButton({ text, label = 'Copy', size, tone, icon = false }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'done' | 'refused' | undefined>(undefined)
  useEffect(() => {
    if (outcome === undefined) return undefined
    const timer = setTimeout(() => setOutcome(undefined), 1600)
    return () => clearTimeout(timer)
  }, [outcome])
  const words = outcome === 'done' ? 'Copied' : outcome === 'refused' ? 'Not allowed' : label
  const sign = outcome === 'done' ? 'check' : 'copy'
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setOutcome('done'),
      () => setOutcome('refused'),
    )
  if (icon) {
    return (
      <>
        <IconButton icon={sign} label={words} size={size} tone={tone} onPress={copy} />
        <span className="only-heard" aria-live="polite">
          {outcome === undefined ? '' : words}
        </span>
      </>
    )
  }
  return (
    <Button size={size} tone={tone} icon={sign} onPress={copy}>
      <span aria-live="polite">{words}</span>
    </Button>
  )
}
