import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readdir, readlink } from 'node:fs/promises'
import { identify, type ProcessIdentity, readProcStat } from './identity.ts'

/** A connection of ours from loopback, as the server's socket has it. */
export type LoopbackConnection = {
  /** The client's port. */
  readonly remotePort: number
  /** Our own. */
  readonly localPort: number
}

/** The user that owns the other end, and where the system tells it, the socket's inode. */
export type PeerSocket = { readonly uid: number; readonly inode: string }

/** Looks the other end of a loopback connection up in the system's table of sockets (Linux). Undefined where it can't be told: another network namespace, another system. */
export function peerSocket(connection: LoopbackConnection): PeerSocket | undefined {
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const found = findSocket(readText(file), connection)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Finds the line of the client's end in `/proc/net/tcp` or `tcp6`: `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode`.
 * Addresses are hexadecimal with the port after the colon, proc_net_tcp.txt of the kernel.
 */
export function findSocket(table: string, { remotePort, localPort }: LoopbackConnection): PeerSocket | undefined {
  const port = (number: number): string => number.toString(16).toUpperCase().padStart(4, '0')
  const local = `:${port(remotePort)}`
  const remote = `:${port(localPort)}`
  for (const line of table.split('\n')) {
    const fields = line.trim().split(/\s+/)
    const [, from, to, , , , , uid, , inode] = fields
    if (from?.endsWith(local) === true && to?.endsWith(remote) === true && inode !== undefined && inode !== '0')
      return { uid: Number(uid), inode }
  }
  return undefined
}

/** The process at the other end; the oldest where forked ones share the socket. Undefined where the system doesn't tell. */
export async function peerProcess(connection: LoopbackConnection): Promise<ProcessIdentity | undefined> {
  if (process.platform === 'darwin') return peerByLsof(connection)
  const socket = peerSocket(connection)
  return socket === undefined ? undefined : holderOf(socket.inode)
}

async function holderOf(inode: string): Promise<ProcessIdentity | undefined> {
  const wanted = `socket:[${inode}]`
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => Number.isInteger(pid))
  const holders: number[] = []
  for (const pid of pids) {
    const handles = await readdir(`/proc/${pid}/fd`).catch(() => [])
    for (const handle of handles) {
      const target = await readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')
      if (target === wanted && pid !== process.pid) {
        holders.push(pid)
        break
      }
    }
  }
  const age = (pid: number): bigint => BigInt(readProcStat(pid)?.startTicks ?? '0')
  const [oldest] = holders.toSorted((a, b) => (age(a) < age(b) ? -1 : age(a) > age(b) ? 1 : a - b))
  return oldest === undefined ? undefined : identify(oldest)
}

function peerByLsof({ remotePort, localPort }: LoopbackConnection): Promise<ProcessIdentity | undefined> {
  return new Promise((resolve) => {
    execFile(
      'lsof',
      ['-nP', '-a', `-iTCP:${remotePort}`, '-sTCP:ESTABLISHED', '-Fpn'],
      { timeout: 3_000 },
      (_, output) => {
        let pid: number | undefined
        for (const line of output.split('\n')) {
          if (line.startsWith('p')) pid = Number(line.slice(1))
          else if (
            line.startsWith('n') &&
            new RegExp(`:${remotePort}->.*:${localPort}$`).test(line) &&
            pid !== undefined
          )
            return resolve(pid === process.pid ? undefined : identify(pid))
        }
        resolve(undefined)
      },
    )
  })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
