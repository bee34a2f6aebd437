import { randomBytes } from 'node:crypto'

/**
 * Keys for one use, to hand a page to a browser: whoever starts a program says its words where every user of the machine can read them, and
 * the browser keeps them there for as long as it runs. The token must not stand there.
 */
export type Tickets = {
  readonly issue: () => string
  /** True once for each ticket, within two minutes. */
  readonly redeem: (ticket: string) => boolean
}

const LIFE = 2 * 60_000
/** More pages than anyone opens at once; older tickets are dropped. */
const MOST = 100

export function createTickets(now: () => number): Tickets {
  const issued = new Map<string, number>()
  return {
    issue: () => {
      const ticket = randomBytes(16).toString('hex')
      issued.set(ticket, now())
      if (issued.size > MOST) for (const oldest of issued.keys()) if (issued.delete(oldest)) break
      return ticket
    },
    redeem: (ticket) => {
      const at = issued.get(ticket)
      issued.delete(ticket)
      return at !== undefined && now() - at <= LIFE
    },
  }
}
