import type { Settings } from '#shared/contract/settings.ts'

/** What the queue needs to know of a launch. */
export type Queued = {
  readonly id: string
  readonly state: 'queued' | 'starting' | 'running' | 'stopping' | 'ended'
  /** Its place; -1 for one that was started at once and takes no slot. */
  readonly position: number
  readonly queuedAt: number
  readonly device: string | null
}

/** A launch that may begin now, with the device that it gets; null where no devices are set. */
export type Turn = { readonly id: string; readonly device: string | null }

/** Those that wait, the next one first. */
export function waiting<Launch extends Queued>(launches: readonly Launch[]): readonly Launch[] {
  return launches
    .filter(({ state }) => state === 'queued')
    .toSorted((a, b) => a.position - b.position || a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1))
}

/**
 * Which of the waiting launches begin now: as many as the limit leaves room for, each with a device of its own where devices are set. What was started
 * from the queue counts, what was started at once does not.
 */
export function turns(
  launches: readonly Queued[],
  { queueLimit, devices }: Pick<Settings, 'queueLimit' | 'devices'>,
): readonly Turn[] {
  const running = launches.filter(({ state, position }) => position >= 0 && state !== 'queued' && state !== 'ended')
  const free = freeDevices(devices, running)
  const room = Math.min(queueLimit - running.length, devices.length === 0 ? Infinity : free.length)
  return waiting(launches)
    .slice(0, Math.max(0, room))
    .map(({ id }, index) => ({ id, device: free[index] ?? null }))
}

/** A device may be listed twice, for two launches at a time on one card. */
function freeDevices(devices: readonly string[], running: readonly Queued[]): readonly string[] {
  const free = [...devices]
  for (const { device } of running) {
    const at = device === null ? -1 : free.indexOf(device)
    if (at >= 0) free.splice(at, 1)
  }
  return free
}

/** The place for a launch that is put at index `to` of those that wait: between its new neighbours. */
export function placeAt(launches: readonly Queued[], id: string, to: number): number {
  const others = waiting(launches).filter((launch) => launch.id !== id)
  const before = others[to - 1]
  const after = others[to]
  if (before === undefined && after === undefined) return 1
  if (before === undefined) return (after?.position ?? 2) / 2
  return after === undefined ? before.position + 1 : (before.position + after.position) / 2
}

/** The place behind all that wait. */
export function lastPlace(launches: readonly Queued[]): number {
  return Math.max(0, ...waiting(launches).map(({ position }) => position)) + 1
}
