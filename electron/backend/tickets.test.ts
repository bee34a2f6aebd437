import { expect, it } from 'vitest'
import { createTickets } from './tickets.ts'

it('a ticket opens once, within two minutes', () => {
  let now = 1_000
  const tickets = createTickets(() => now)
  const [first, second, third] = [tickets.issue(), tickets.issue(), tickets.issue()]
  expect(new Set([first, second, third]).size).toBe(3)
  expect([tickets.redeem(first), tickets.redeem(first), tickets.redeem('0'.repeat(32)), tickets.redeem('')]).toEqual([
    true,
    false,
    false,
    false,
  ])
  now += 120_000
  expect(tickets.redeem(second)).toBe(true)
  now += 1
  expect(tickets.redeem(third)).toBe(false)
})

it('no more are kept than anyone uses', () => {
  const tickets = createTickets(() => 0)
  const issued = Array.from({ length: 150 }, tickets.issue)
  expect(issued.map(tickets.redeem).filter(Boolean)).toHaveLength(100)
  expect(tickets.redeem(issued.at(-1) ?? '')).toBe(false)
})
