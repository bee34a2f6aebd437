import { expect, test } from 'vitest'
import { mlflowStatus } from './mlflow-status.ts'

test('a run is told to MLflow as its own tracker tells it', () => {
  expect([
    mlflowStatus({ status: 'lost', source: 'client' }),
    mlflowStatus({ status: 'lost', source: 'import' }),
    mlflowStatus({ status: 'stopping', source: 'launch' }),
    mlflowStatus({ status: 'finished', source: 'import' }),
  ]).toEqual(['KILLED', 'RUNNING', 'RUNNING', 'FINISHED'])
})
