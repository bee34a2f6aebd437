import { expect, it } from 'vitest'
import { addressOfModel, loadModelSnippet } from './load-model.ts'

const churn = {
  name: 'churn',
  version: 3,
  aliases: ['champion', 'shadow'],
  location: 'mlflow-artifacts:/0/ab/artifacts/model',
}

it('names the server and the first alias, or the number of a version without one', () => {
  const trackingUri = 'http://127.0.0.1:5080/p/telco'
  expect(loadModelSnippet({ ...churn, trackingUri })).toBe(`import mlflow

mlflow.set_tracking_uri("http://127.0.0.1:5080/p/telco")
model = mlflow.pyfunc.load_model("models:/churn@champion")`)
  expect(addressOfModel({ ...churn, aliases: [] })).toBe('models:/churn/3')
})

it('a name is quoted as Python wants it, and one that the client would cut short is gone around', () => {
  const addressed = (name: string): string | undefined =>
    loadModelSnippet({ ...churn, name, aliases: [], trackingUri: 'http://h' })
      .split('\n')
      .at(-1)
  expect(['a "b" \\', 'Größe\n', 'really?'].map(addressed)).toEqual([
    String.raw`model = mlflow.pyfunc.load_model("models:/a \"b\" \\/3")`,
    String.raw`model = mlflow.pyfunc.load_model("models:/Größe\n/3")`,
    'model = mlflow.pyfunc.load_model("mlflow-artifacts:/0/ab/artifacts/model")',
  ])
})
