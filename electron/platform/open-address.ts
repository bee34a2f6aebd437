import { spawn } from 'node:child_process'

type Environment = Readonly<Record<string, string | undefined>>

/** True where a window can appear. */
export function hasDisplay(platform: string, environment: Environment): boolean {
  return platform !== 'linux' || Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY'])
}

/** The command that opens an address in the user's browser; undefined where nobody would see it. */
export function openerOf(platform: string, environment: Environment): readonly string[] | undefined {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return hasDisplay(platform, environment) ? ['xdg-open'] : undefined
}

/** Opens an address in the user's browser. False when there is no way to: then it is for the person to copy. */
export function openAddress(address: string, opener = openerOf(process.platform, process.env)): Promise<boolean> {
  const [program, ...words] = opener ?? []
  if (program === undefined) return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(program, [...words, address], { stdio: 'ignore', detached: true })
    child.on('error', () => resolve(false))
    // An opener that fails says so at once; one that became the browser itself stays.
    const timer = setTimeout(resolve, 1_000, true)
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve(code === 0)
    })
    child.unref()
  })
}
