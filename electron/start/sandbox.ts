import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export type SandboxProblem = { readonly reason: string; readonly fix: string }

/** What is asked of the system, so that tests can be other systems. */
export type SandboxSystem = {
  readonly platform: string
  readonly uid: number
  /** The content of a small file, trimmed; undefined when it is not there. */
  readonly read: (file: string) => string | undefined
  readonly owner: (file: string) => { readonly uid: number; readonly mode: number } | undefined
}

export const thisSystem: SandboxSystem = {
  platform: process.platform,
  uid: process.getuid?.() ?? -1,
  read: (file) => {
    try {
      return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
    } catch {
      return undefined
    }
  },
  owner: (file) => statSync(file, { throwIfNoEntry: false }),
}

const SET_USER_ID = 0o4755

/**
 * Why Chromium's sandbox cannot start from a folder, and what would let it; null where it can. On Linux it needs either user
 * namespaces or its helper installed for root. Without it the app opens in the browser: it never runs unsandboxed.
 */
export function sandboxProblem(folder: string, system: SandboxSystem = thisSystem): SandboxProblem | null {
  if (system.platform !== 'linux') return null
  if (system.uid === 0) {
    return { reason: 'Chromium’s sandbox does not start for root', fix: 'start Benchtop as an ordinary user' }
  }
  const helper = join(folder, 'chrome-sandbox')
  const owner = system.owner(helper)
  if (owner?.uid === 0 && (owner.mode & SET_USER_ID) === SET_USER_ID) return null
  const fix = `sudo chown root '${helper}' && sudo chmod 4755 '${helper}'`
  const hasProfile = system.read('/etc/apparmor.d/benchtop-window')?.includes(folder) === true
  if (system.read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' && !hasProfile) {
    return { reason: 'AppArmor keeps Chromium’s sandbox from starting here', fix }
  }
  const forbidden =
    system.read('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    system.read('/proc/sys/user/max_user_namespaces') === '0'
  return forbidden ? { reason: 'this system forbids the user namespaces that Chromium’s sandbox needs', fix } : null
}
