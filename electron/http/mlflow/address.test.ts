import { describe, expect, it } from 'vitest'
import { clientAddress, isClientPath } from './address.ts'

describe('clientAddress', () => {
  it.each([
    ['/api/2.0/mlflow/runs/get', { kind: 'root' }, '/api/2.0/mlflow/runs/get'],
    ['/p/churn-3f2a/api/2.0/mlflow/runs/get', { kind: 'project', id: 'churn-3f2a' }, '/api/2.0/mlflow/runs/get'],
    ['/l/0a1b2c/get-artifact', { kind: 'launch', id: '0a1b2c' }, '/get-artifact'],
    ['/p/churn-3f2a/', { kind: 'project', id: 'churn-3f2a' }, '/'],
    ['/p/churn-3f2a', { kind: 'root' }, '/p/churn-3f2a'],
    ['/p/../api/2.0/mlflow/runs/get', { kind: 'root' }, '/p/../api/2.0/mlflow/runs/get'],
    ['/p/a%2fb/health', { kind: 'root' }, '/p/a%2fb/health'],
    [`/p/${'a'.repeat(81)}/health`, { kind: 'root' }, `/p/${'a'.repeat(81)}/health`],
    ['/p/a/p/b/health', { kind: 'project', id: 'a' }, '/p/b/health'],
    ['/', { kind: 'root' }, '/'],
  ])('%j', (given, scope, path) => expect(clientAddress(given)).toEqual({ scope, path }))
})

it('tells what clients ask for from what a person with a browser does', () => {
  const client = [
    '/api/2.0/mlflow/runs/create',
    '/ajax-api/2.0/mlflow/runs/create',
    '/p/churn/api/3.0/mlflow/traces',
    '/l/0a/api/2.0/mlflow-artifacts/artifacts/x',
    '/version',
    '/health',
    '/get-artifact',
    '/model-versions/get-artifact',
    '/p/churn/v1/traces',
    '/graphql',
  ]
  const person = [
    '/',
    '/p/churn/',
    '/apis',
    '/p/churn',
    '/versions',
    '/assets/main.js',
    '/l/0a/icon.svg',
    '/v1/traces/x',
  ]
  expect([client.filter((path) => !isClientPath(path)), person.filter(isClientPath)]).toEqual([[], []])
})
