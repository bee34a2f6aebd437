import { expect, test } from 'vitest'
import { sandboxProblem, type SandboxSystem } from './sandbox.ts'

const HELPER = '/app/chrome-sandbox'
const FIX = `sudo chown root '${HELPER}' && sudo chmod 4755 '${HELPER}'`

/** A Linux with these small files, and a helper with this owner and mode. */
function linux(
  files: Readonly<Record<string, string>> = {},
  helper?: { uid: number; mode: number },
  uid = 1000,
): SandboxSystem {
  return {
    platform: 'linux',
    uid,
    read: (file) => files[file],
    owner: (file) => (file === HELPER ? helper : undefined),
  }
}
const APPARMOR = { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1' }

test('user namespaces are enough, and so is a helper installed for root', () => {
  expect(sandboxProblem('/app', linux())).toBeNull()
  expect(sandboxProblem('/app', linux({ '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0' }))).toBeNull()
  expect(sandboxProblem('/app', linux(APPARMOR, { uid: 0, mode: 0o104755 }))).toBeNull()
  expect(sandboxProblem('/app', { ...linux(APPARMOR), platform: 'darwin' })).toBeNull()
})

test('AppArmor’s rule is named, with its fix, unless a profile lets this folder be', () => {
  const problem = { reason: 'AppArmor keeps Chromium’s sandbox from starting here', fix: FIX }
  expect(sandboxProblem('/app', linux(APPARMOR))).toEqual(problem)
  expect(sandboxProblem('/app', linux(APPARMOR, { uid: 1000, mode: 0o104755 }))).toEqual(problem)
  expect(sandboxProblem('/app', linux(APPARMOR, { uid: 0, mode: 0o100755 }))).toEqual(problem)
  const profile = (path: string) =>
    linux({ ...APPARMOR, '/etc/apparmor.d/benchtop-window': `profile "benchtop-window" "${path}" {` })
  expect(sandboxProblem('/app', profile('/app/benchtop-window'))).toBeNull()
  expect(sandboxProblem('/app', profile('/opt/Benchtop/benchtop-window'))).toEqual(problem)
})

test.each([['/proc/sys/kernel/unprivileged_userns_clone'], ['/proc/sys/user/max_user_namespaces']])(
  '%s at 0 is a reason',
  (file) => {
    expect(sandboxProblem('/app', linux({ [file]: '0' }))).toEqual({
      reason: 'this system forbids the user namespaces that Chromium’s sandbox needs',
      fix: FIX,
    })
    expect(sandboxProblem('/app', linux({ [file]: '1' }))).toBeNull()
  },
)

test('root gets no sandbox, whatever is installed', () => {
  expect(sandboxProblem('/app', linux({}, { uid: 0, mode: 0o104755 }, 0))).toEqual({
    reason: 'Chromium’s sandbox does not start for root',
    fix: 'start Benchtop as an ordinary user',
  })
})
