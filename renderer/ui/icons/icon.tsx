import { iconPaths, type IconName } from './icon-paths.ts'

/**
 * One of our own icons, in the colour of the text around it. It says nothing to a screen reader: name the control.
 * Sizes: 16 in the rail, 13 to 14 in controls, 12 in state, 10 in twisties.
 */
export function Icon({
  name,
  size = 14,
  className,
}: {
  name: IconName
  size?: number
  className?: string | undefined
}) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={size <= 12 ? 1.6 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={iconPaths[name]} />
    </svg>
  )
}
