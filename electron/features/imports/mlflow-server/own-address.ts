import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { appError } from '#shared/rpc/errors.ts'

/** Throws `invalid` for an address at which this very program listens: a project would take itself in. */
export async function refuseOwnAddress(location: string, own: string): Promise<void> {
  if (!(await isOwnAddress(location, own))) return
  throw appError('invalid', `${new URL(location).host} is this Benchtop itself: its runs are here already.`, {
    hint: 'Runs of another project are moved or copied from its run table; another Benchtop has another address.',
    field: 'location',
  })
}

/** True for the port of `own` at any name or address of this machine. */
export async function isOwnAddress(location: string, own: string): Promise<boolean> {
  const [asked, mine] = [new URL(location), new URL(own)]
  if (portOf(asked) !== portOf(mine)) return false
  const name = bare(asked)
  if (name === bare(mine) || name === 'localhost' || name.endsWith('.localhost')) return true
  // A name that nobody knows is nobody's: opening it says so.
  const found = await lookup(name, { all: true }).catch(() => [])
  const here = new Set(Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)))
  return found.some(({ address }) => here.has(address) || /^127\.|^::1$|^::ffff:127\.|^0\.0\.0\.0$|^::$/.test(address))
}

function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
}

function bare({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}
