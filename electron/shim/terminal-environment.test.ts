import { expect, test } from 'vitest'
import { terminalEnvironment } from './terminal-environment.ts'

test('what a launch adds stands over what the terminal has; PYTHONPATH before it, once', () => {
  const added = { PYTHONPATH: '/hook', BENCHTOP_LAUNCH: 'x', MLFLOW_TRACKING_URI: 'http://127.0.0.1:1/l/x' }
  const own = { HOME: '/h', MLFLOW_RUN_ID: 'r', PYTHONPATH: '/mine', GONE: undefined }
  expect(terminalEnvironment(own, added)).toEqual({ HOME: '/h', ...added, PYTHONPATH: '/hook:/mine' })
  expect(terminalEnvironment(own, { ...added, PYTHONPATH: '/hook:/mine' })['PYTHONPATH']).toBe('/hook:/mine')
  expect(terminalEnvironment({}, added)).toEqual(added)
})

test('a kept tracking server keeps all that it names', () => {
  expect(terminalEnvironment({ MLFLOW_RUN_ID: 'r' }, { BENCHTOP_LAUNCH: 'x' })).toEqual({
    MLFLOW_RUN_ID: 'r',
    BENCHTOP_LAUNCH: 'x',
  })
})
