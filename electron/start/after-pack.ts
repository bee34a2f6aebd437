import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { AfterPackContext } from 'app-builder-lib'

/** As electron-builder counts them; its own enumeration would load all of it. */
const ARCHITECTURES = ['ia32', 'x64', 'armv7l', 'arm64', 'universal']

/** Called by electron-builder for each packed app: checks that it carries its Node, and drops the native parts of other systems. */
export function afterPack({ appOutDir, electronPlatformName: platform, packager, arch }: AfterPackContext): void {
  const resources = packager.getResourcesDir(appOutDir)
  const node = join(resources, 'node', 'bin', platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(node)) {
    throw new Error(`The app carries no Node: ${node} is missing. Run npm ci on the system that it is packed for.`)
  }
  dropForeignParts(join(resources, 'app.asar.unpacked', 'node_modules'), `${platform}-${ARCHITECTURES[arch]}`)
}

/** Keeps of each package's native parts those of one system: `linux-x64`. */
function dropForeignParts(packages: string, system: string): void {
  const prebuilds = join(packages, 'better-sqlite3', 'prebuilds')
  for (const name of readdirSync(prebuilds)) if (name !== `${system}.node`) rmSync(join(prebuilds, name))
  const terminals = join(packages, '@lydell')
  for (const name of readdirSync(terminals)) {
    if (name !== 'node-pty' && name !== `node-pty-${system}`) rmSync(join(terminals, name), { recursive: true })
  }
}
