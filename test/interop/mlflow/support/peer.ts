/** What a server answered: `body` is parsed JSON, or the text where it is none. */
export type Answer = {
  readonly status: number
  readonly body: Body
  readonly more?: true
  readonly codeAlone?: true
}
export type Body = Readonly<Record<string, unknown>>

export type AskOptions = {
  /** Of an error only status and code are compared: its message lists what differs by nature, such as a set in no order. */
  readonly kind?: boolean
  /** Lists of this field are compared without their order: the real server leaves it to its database. */
  readonly unordered?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What the real server refuses this one may know: compared only where the real one answers. */
  readonly more?: true
  /** Only refusals are compared, by status and code: what the real server takes this one may refuse. */
  readonly codeAlone?: true
}

/** One of the two servers that are asked the same questions. Its answers are kept without ids and times, by the question's name. */
export type Peer = {
  readonly url: string
  /** Keeps the answer under a name, and gives it as it was. `body` goes as JSON, a text as it is. */
  readonly ask: (name: string, method: string, path: string, body?: unknown, options?: AskOptions) => Promise<Answer>
  /** The id of something that this server made: in answers it reads as the label. */
  readonly label: (id: string, label: string) => string
  /** What was answered, by the questions' names. */
  readonly answers: () => Answers
}

export type Answers = Readonly<Record<string, Answer>>

/**
 * Answers with what is better on purpose in the place of what the real server does. It answers some mistakes with a 5xx, which its own client
 * repeats for minutes; here they are 4xx. And it answers an unknown route with a page, for which a status has to do.
 */
export function likeTheirs(ours: Answers, theirs: Answers): Answers {
  return Object.fromEntries(
    Object.entries(ours).map(([name, answer]) => {
      const other = theirs[name]
      if (other === undefined) return [name, answer]
      const isBetter = other.status >= 500 && answer.status >= 400 && answer.status < 500
      const isPage = 'text' in other.body && other.status >= 400 && other.status === answer.status
      const isMore = answer.more === true && other.status >= 400 && answer.status < 500
      const isStrict = answer.codeAlone === true && other.status === 200 && answer.status < 500
      return [name, isBetter || isPage || isMore || isStrict ? other : answer]
    }),
  )
}

const API = '/api/2.0/mlflow/'

export function createPeer(url: string): Peer {
  const labels = new Map<string, string>()
  const asked = new Map<string, { readonly answer: Answer; readonly options: AskOptions }>()
  return {
    url,
    // Ids get their labels after the answers that they first stand in.
    answers: () =>
      Object.fromEntries(
        [...asked].map(([name, { answer, options }]) => [
          name,
          {
            status: answer.status,
            body: options.codeAlone === true ? codeOf(answer.body) : likeFor(answer.body, labels, options),
            ...(options.more === true ? { more: true } : {}),
            ...(options.codeAlone === true ? { codeAlone: true } : {}),
          },
        ]),
      ),
    label(id, label) {
      labels.set(id, `<${label}>`)
      return id
    },
    async ask(name, method, path, body, options = {}) {
      if (asked.has(name)) throw new Error(`Two questions are called ${name}`)
      const answer = await request(url, method, path, body, options.headers)
      asked.set(name, { answer, options })
      return answer
    },
  }
}

async function request(
  url: string,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path.startsWith('/') ? path : API + path}`, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, body: parsed(await response.text()) }
}

/** JSON with the bare NaN that one route of the real server writes, and with whole numbers that a double rounds as texts. */
function parsed(text: string): Body {
  if (text === '') return {}
  try {
    return JSON.parse(text.replace(/(?<=[:,[]\s*)(-?Infinity|NaN|-?\d{16,})(?=\s*[,\]}])/g, '"$1"')) as Body
  } catch {
    return { text }
  }
}

const codeOf = ({ error_code: code }: Body): Body => ({ code })

function likeFor(body: Body, labels: ReadonlyMap<string, string>, options: AskOptions): Body {
  const plain = withoutIds(body, labels) as Record<string, unknown>
  if (options.kind === true) delete plain['message']
  const list = options.unordered === undefined ? undefined : plain[options.unordered]
  if (options.unordered !== undefined && Array.isArray(list)) {
    plain[options.unordered] = list.map((item) => JSON.stringify(item)).toSorted()
  }
  // Set by the real server for some errors only; no client reads them.
  delete plain['sqlstate']
  delete plain['error_class']
  return plain
}

/** Lists that come in the order of a database page: sorted here. */
const UNORDERED: ReadonlySet<string> = new Set([
  'tags',
  'params',
  'aliases',
  'metrics',
  'latest_versions',
  'dataset_inputs',
])

/** A time of our days is of the clock, not of the question. */
function withoutIds(value: unknown, labels: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'number') return value > 1_600_000_000_000 && value < 2_500_000_000_000 ? '<time>' : value
  if (typeof value === 'string') {
    let text = value
    for (const [id, label] of labels) if (text.includes(id)) text = text.replaceAll(id, label)
    return text
  }
  if (Array.isArray(value)) return value.map((item) => withoutIds(item, labels))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const plain = key === 'next_page_token' ? offsetIn(inner) : withoutIds(inner, labels)
      return [key, UNORDERED.has(key) && Array.isArray(plain) ? sortedByKey(plain) : plain]
    }),
  )
}

/** Tokens are the server's own, but both say where they go on. */
function offsetIn(token: unknown): unknown {
  return (JSON.parse(Buffer.from(String(token), 'base64').toString()) as { readonly offset: unknown }).offset
}

/** Sorted by `key` or `version` alone, so that the order of a key's points stays what it was. */
function sortedByKey(items: readonly unknown[]): readonly unknown[] {
  const keyOf = (item: unknown): string => {
    const { key, version } = item as { readonly key?: string; readonly version?: string }
    return key ?? version ?? JSON.stringify(item)
  }
  return items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))
}
