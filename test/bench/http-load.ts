import { connect, type Socket } from 'node:net'

/** What a load of requests is: all of one kind, made before the clock starts. */
export type Load = {
  readonly port: number
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly connections: number
  readonly seconds: number
  /** So many requests a connection at least, however long they take. */
  readonly least: number
  /**
   * JSON bodies, one for each connection at least; taken in turn by connection. Their `STEP` and `TIME` are written over before each sending, so
   * that no point is logged twice.
   */
  readonly bodies: readonly string[]
  readonly firstStep: number
}

export type LoadResult = {
  readonly requests: number
  readonly seconds: number
  /** Milliseconds from the sending to the whole answer. */
  readonly p50: number
  readonly p99: number
  /** Answers other than 200. */
  readonly refused: number
  /** Seconds of processor time that the generator itself took. */
  readonly cpu: number
}

/** A step that stands for one to be written over: seven digits, so that its length stays. */
export const STEP = 1_111_111
/** The same of a time. */
export const TIME = 1_777_777_777_777

type Request = { readonly bytes: Buffer; readonly steps: readonly number[]; readonly times: readonly number[] }

/** Sends requests over some connections, each waiting for its answer before the next, until the time is up. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const latencies: number[] = []
  let refused = 0
  let step = load.firstStep
  const requests = load.bodies.map((body) => requestOf(load, body))
  const start = performance.now()
  const cpu = process.cpuUsage()
  const end = start + load.seconds * 1_000
  const one = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(load.port, '127.0.0.1')
      socket.setNoDelay(true)
      const mine = requests.filter((_, at) => at % load.connections === index)
      let turn = 0
      let sentAt = 0
      const send = (): void => {
        const request = mine[turn++ % mine.length] as Request
        count(request, step++)
        sentAt = performance.now()
        socket.write(request.bytes)
      }
      readAnswers(socket, (status) => {
        const now = performance.now()
        latencies.push(now - sentAt)
        if (status !== 200) refused++
        if (now < end || turn < load.least) return send()
        socket.destroy()
        resolve()
      })
      socket.once('error', reject)
      socket.once('close', () => reject(new Error('The server closed a connection.')))
      socket.once('connect', send)
    })
  await Promise.all(Array.from({ length: load.connections }, (_, index) => one(index)))
  const seconds = (performance.now() - start) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  latencies.sort((left, right) => left - right)
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN
  return { requests: latencies.length, seconds, p50: at(0.5), p99: at(0.99), refused, cpu: (user + system) / 1e6 }
}

function requestOf({ port, method, path }: Load, body: string): Request {
  const length =
    method === 'GET' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
  const bytes = Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${length}\r\n${body}`)
  return { bytes, steps: placesOf(bytes, String(STEP)), times: placesOf(bytes, String(TIME)) }
}

function placesOf(bytes: Buffer, digits: string): readonly number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(digits); at >= 0; at = bytes.indexOf(digits, at + digits.length)) places.push(at)
  return places
}

function count({ bytes, steps, times }: Request, step: number): void {
  const digits = Buffer.from(String(step))
  for (const at of steps) digits.copy(bytes, at)
  const time = Buffer.from(String(1_780_000_000_000 + step))
  for (const at of times) time.copy(bytes, at)
}

const HEAD_END = Buffer.from('\r\n\r\n')

/** Calls back with the status of each whole answer; answers must have a content-length. Large bodies are counted, not kept. */
function readAnswers(socket: Socket, onAnswer: (status: number) => void): void {
  let head: Buffer = Buffer.alloc(0)
  let status = 0
  let missing = 0
  socket.on('data', (piece: Buffer) => {
    let rest = piece
    while (rest.length > 0) {
      if (missing === 0) {
        head = head.length === 0 ? rest : Buffer.concat([head, rest])
        const end = head.indexOf(HEAD_END)
        if (end < 0) return
        const text = head.toString('latin1', 0, end)
        status = Number(text.slice(9, 12))
        missing = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN)
        if (Number.isNaN(missing)) throw new Error('An answer has no content-length.')
        rest = head.subarray(end + HEAD_END.length)
        head = Buffer.alloc(0)
      }
      const taken = Math.min(missing, rest.length)
      missing -= taken
      rest = rest.subarray(taken)
      if (missing > 0) return
      onAnswer(status)
    }
  })
}

// As a process of its own: the load comes over IPC, the result goes back.
if (import.meta.main && process.send !== undefined) {
  process.on('message', (load: Load) => {
    runLoad(load).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ problem: String(error) }),
    )
  })
}
