import { expect, it } from 'vitest'
import { serverPlace } from './server-place.ts'

it('takes a host with a port for a server, and nothing else', () => {
  const servers = [
    'localhost:5000',
    '127.0.0.1:5000',
    'gpu-box:5000/mlflow/#/experiments/1',
    '[::1]:5000',
    'ml.lab.org:80',
  ]
  expect(servers.map(serverPlace)).toEqual(servers.map((text) => `http://${text}`))
  const others = [
    'http://h:5000',
    'mlruns',
    '~/a:5000',
    '/a/b:80',
    String.raw`C:\mlruns`,
    'a:b',
    'host:',
    'h:123456',
    '',
  ]
  expect(others.map(serverPlace)).toEqual(others)
})
