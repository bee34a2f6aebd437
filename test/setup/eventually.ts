import { vi } from 'vitest'

/** Longer than any state takes on a busy machine, and shorter than a test may take: what was missing is said, not that time was up. */
export const PATIENCE = 50_000

/** Milliseconds between two looks, and after how many of them it is over: more where a training has to come to its end. */
type Often = { readonly interval?: number; readonly patience?: number }

/** Waits until `check` throws nothing, and gives what it gave. Throws its last error when patience is over. */
export function eventually<Found>(
  check: () => Found | Promise<Found>,
  { interval = 50, patience = PATIENCE }: Often = {},
): Promise<Found> {
  return vi.waitFor(check, { timeout: patience, interval })
}

/** Waits until `holds` does. */
export async function eventuallyTrue(
  holds: () => boolean | Promise<boolean>,
  { interval = 50, patience = PATIENCE }: Often = {},
): Promise<void> {
  await vi.waitUntil(holds, { timeout: patience, interval })
}
