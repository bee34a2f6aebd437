import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { connect } from './client.ts'
import { PROTOCOL } from './envelope.ts'
import { backendOverPort, callerOverPort, portOf } from './port-link.ts'
import { query } from './procedure.ts'

const contract = {
  numbers: { double: query(z.object({ of: z.instanceof(Float64Array) }), z.instanceof(Float64Array)) },
}

function pair() {
  const { port1, port2 } = new MessageChannel()
  return { page: port1, caller: callerOverPort(portOf(port1)), backend: backendOverPort(portOf(port2)) }
}

test('columns with NaN cross a port as they are', async () => {
  const { caller, backend } = pair()
  backend.onMessage((message) => {
    if (message.t !== 'call') return
    const { of } = message.input as { of: Float64Array }
    backend.send({ t: 'ok', id: message.id, value: of.map((value) => value * 2) })
  })
  backend.send({ t: 'hello', build: 'b1', protocol: PROTOCOL })
  const { client, hello, close } = connect(contract, caller)
  expect(await hello).toBe('b1')
  expect(await client.numbers.double({ of: Float64Array.of(1, Number.NaN, -0) })).toEqual(
    Float64Array.of(2, Number.NaN, -0),
  )
  close()
})

test('calls that wait are refused when the peer goes', async () => {
  const { caller, backend } = pair()
  const { client } = connect(contract, caller)
  backend.onMessage(() => backend.close())
  await expect(client.numbers.double({ of: new Float64Array() })).rejects.toMatchObject({ code: 'unavailable' })
})

test('closing says so to both ends, once', async () => {
  const { caller, backend } = pair()
  const said: string[] = []
  const gone = new Promise<void>((resolve) => backend.onClose(() => (said.push('backend'), resolve())))
  backend.onMessage(() => {})
  caller.onClose(() => said.push('caller'))
  caller.close()
  caller.close()
  await gone
  expect(said).toEqual(['caller', 'backend'])
})

test('what is none of the envelope closes the port', async () => {
  const { page, backend } = pair()
  const gone = new Promise<void>((resolve) => backend.onClose(resolve))
  const heard: unknown[] = []
  backend.onMessage((message) => heard.push(message))
  page.postMessage({ t: 'call', id: 'one' })
  await gone
  expect(heard).toEqual([])
})
