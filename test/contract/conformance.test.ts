import { describe, expect, it } from 'vitest'
import { connect } from '#shared/rpc/client.ts'
import type { CallerLink, FromBackend } from '#shared/rpc/envelope.ts'
import { conformanceSuite } from './conformance.ts'
import { sampleContract } from './sample-contract.ts'
import { transports } from './transports.ts'

for (const transport of transports) describe(`the contract over ${transport.name}`, () => conformanceSuite(transport))

describe('versions', () => {
  it('a backend that speaks another protocol is refused in words', async () => {
    let tell: (message: FromBackend) => void = () => {}
    const link: CallerLink = {
      send: () => {},
      onMessage: (listener) => (tell = listener),
      onClose: () => {},
      close: () => {},
    }
    const connection = connect(sampleContract, link)
    tell({ t: 'hello', build: 'b2', protocol: 999 })
    await expect(connection.hello).rejects.toMatchObject({ code: 'version_mismatch' })
  })
})

it('only POST lacks cases, and these', () => {
  expect(transports.map(({ name, without }) => [name, Object.keys(without)])).toEqual([
    ['in process', []],
    ['WebSocket', []],
    ['POST /rpc', ['a lost connection fails all that waits', 'a slow reader holds the sender back']],
  ])
})
