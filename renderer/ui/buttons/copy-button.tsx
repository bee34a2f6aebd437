import { useEffect, useState } from 'react'
import { Button, type ButtonSize, type ButtonTone } from './button.tsx'

export interface CopyButtonProps {
  readonly text: string
  readonly label?: string | undefined
  readonly size?: ButtonSize | undefined
  readonly tone?: ButtonTone | undefined
}

/** Copies a text and says so on itself for a moment; says as well when the system did not allow it. */
export function CopyButton({ text, label = 'Copy', size, tone }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'done' | 'refused' | undefined>(undefined)
  useEffect(() => {
    if (outcome === undefined) return undefined
    const timer = setTimeout(() => setOutcome(undefined), 1600)
    return () => clearTimeout(timer)
  }, [outcome])
  return (
    <Button
      size={size}
      tone={tone}
      icon={outcome === 'done' ? 'check' : 'copy'}
      onPress={() => {
        navigator.clipboard.writeText(text).then(
          () => setOutcome('done'),
          () => setOutcome('refused'),
        )
      }}
    >
      <span aria-live="polite">{outcome === 'done' ? 'Copied' : outcome === 'refused' ? 'Not allowed' : label}</span>
    </Button>
  )
}
