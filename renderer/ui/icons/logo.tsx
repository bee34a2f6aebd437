/** The bench with a curve above it: text-1 behind canvas, so that it follows the theme. */
export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" strokeLinecap="round" aria-hidden="true">
      <rect width="20" height="20" rx="5" fill="var(--text-1)" />
      <path d="M4 12.4h12M5.8 12.4v3.2M14.2 12.4v3.2" stroke="var(--canvas)" strokeWidth="1.7" />
      <path d="M4.6 9.2l3.1-3 2.6 1.9 4.9-4" stroke="var(--canvas)" strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  )
}
