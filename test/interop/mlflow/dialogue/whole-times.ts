import type { Peer } from '../support/peer.ts'
import { freshExperiment, runIdOf } from './runs.ts'

/** As JSON writes them, none twice: runs of one time come by their ids, which each server makes up. */
const STARTS = [
  ...['9007199254740991', '9007199254740992', '9007199254740993', '9007199254740994'],
  ...['1800000000000000001', '"1800000000000000002"', '1800000000000000000', '1800000000000000003'],
  ...['9223372036854775807', '9223372036854775806', '-9007199254740993', '1234'],
]
const COMPARED = [
  ...['9007199254740992', '9007199254740993', '1800000000000000001', '1800000000000000002'],
  ...['9223372036854775807', '9223372036854775806', '-9007199254740993', '1234'],
]

/** Starts and ends of runs, and steps of models, of 64 bits: told, found and put in order. */
export async function wholeTimes(peer: Peer): Promise<void> {
  const { ask, label } = peer
  const experiment = await freshExperiment(peer, 'whole times')
  for (const [index, start] of STARTS.entries()) {
    const name = `begun at ${start}`.replaceAll('"', "'")
    const body = `{"experiment_id":"${experiment}","run_name":"run ${index}","start_time":${start}}`
    const run = label(runIdOf(await ask(name, 'POST', 'runs/create', body)), `run ${index}`)
    const end = STARTS[(index * 5 + 3) % STARTS.length] ?? ''
    const ended = `{"run_id":"${run}","status":"FINISHED","end_time":${end}}`
    await ask(`${name} and ended`, 'POST', 'runs/update', ended)
    await ask(`${name} and got`, 'GET', `runs/get?run_id=${run}`)
  }
  const search = (name: string, more: object): ReturnType<Peer['ask']> =>
    ask(name, 'POST', 'runs/search', { experiment_ids: [experiment], ...more })
  for (const time of ['start_time', 'end_time']) {
    for (const compared of COMPARED) {
      for (const operator of ['=', '!=', '<', '<=', '>', '>=']) {
        const filter = `attributes.${time} ${operator} ${compared}`
        await search(filter, { filter, order_by: ['attributes.start_time ASC'] })
      }
    }
    for (const direction of ['ASC', 'DESC']) {
      const orderBy = [`attributes.${time} ${direction}`]
      await search(`by ${orderBy.join()}`, { order_by: orderBy })
      let token: unknown = ''
      for (let page = 1; typeof token === 'string'; page++) {
        const found = await search(`page ${page} by ${orderBy.join()}`, {
          order_by: orderBy,
          max_results: 5,
          page_token: token,
        })
        token = found.body['next_page_token']
      }
    }
  }
  await search('newest first', {})
  const made = await ask('model', 'POST', 'logged-models', { experiment_id: experiment, name: 'm' })
  const model = label((made.body['model'] as { info: { model_id: string } }).info.model_id, 'model')
  const run = label(
    runIdOf(
      await ask('with models', 'POST', 'runs/create', { experiment_id: experiment, run_name: 'm', start_time: 1 }),
    ),
    'run of models',
  )
  await ask(
    'output',
    'POST',
    'runs/outputs',
    `{"run_id":"${run}","models":[{"model_id":"${model}","step":1800000000000000001}]}`,
  )
  await ask('run with an output', 'GET', `runs/get?run_id=${run}`)
}
