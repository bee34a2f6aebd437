import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { cleanEnvironment, pythonOutput, runPython } from './support/run-python.ts'

/** The versions that were asked for in an .in file: `{ mlflow: '3.17.2', ... }`. */
function asked(name: string): Readonly<Record<string, string>> {
  const text = readFileSync(new URL(`../setup/${name}.in`, import.meta.url), 'utf8')
  return Object.fromEntries([...text.matchAll(/^([a-z-]+)==(.+)$/gm)].map(([, one, version]) => [one, version]))
}

const installed = `
import json, sys
from importlib.metadata import version
print(json.dumps({name: version(name) for name in sys.argv[1:]}))
`

const cwd = tmpdir()

describeWith(['python', 'torch'], 'the Python that real clients run in', ({ python, torch }) => {
  it.each([
    ['python', python, asked('python')],
    ['torch', torch, { ...asked('python'), ...asked('torch') }],
  ])('%s has the versions that were asked for', async (_, path, versions) => {
    expect(Object.keys(versions).length).toBeGreaterThan(4)
    expect(JSON.parse(await pythonOutput(path, ['-c', installed, ...Object.keys(versions)], { cwd }))).toEqual(versions)
  })

  it('PyTorch trains on the CPU without the CUDA parts that were left out', async () => {
    const script = `
import torch
torch.manual_seed(0)
x = torch.randn(256, 3)
y = x @ torch.tensor([[1.0], [-2.0], [0.5]])
layer = torch.nn.Linear(3, 1)
steps = torch.optim.Adam(layer.parameters(), lr=0.1)
for _ in range(300):
    steps.zero_grad()
    torch.nn.functional.mse_loss(layer(x), y).backward()
    steps.step()
print([round(v, 2) for v in layer.weight[0].tolist()], torch.linalg.solve(torch.eye(2) * 2, torch.ones(2)).tolist())
`
    expect(await pythonOutput(torch, ['-c', script], { cwd })).toBe('[1.0, -2.0, 0.5] [0.5, 0.5]\n')
  })

  it('a script that fails is told with what it wrote, and one that is ended gives what it had written', async () => {
    const failing = ['-c', 'import sys; print("so far"); sys.exit("no such file")']
    expect(await runPython(python, failing, { cwd })).toEqual({ code: 1, stdout: 'so far\n', stderr: 'no such file\n' })
    await expect(pythonOutput(python, failing, { cwd })).rejects.toThrow(/ended with 1\nso far\n\nno such file/)
    await expect(runPython('/no/python', [], { cwd })).rejects.toThrow(/ENOENT/)
    const end = new AbortController()
    const waiting = runPython(python, ['-c', 'import time; time.sleep(600)'], { cwd, signal: end.signal })
    end.abort()
    expect(await waiting).toEqual({ code: null, stdout: '', stderr: '' })
  })
})

it('scripts do not inherit what an outer training set', () => {
  const outer = { PATH: '/bin', MLFLOW_TRACKING_URI: 'x', MLFLOW_RUN_ID: 'y', PYTHONPATH: 'z', VIRTUAL_ENV: 'v' }
  expect(cleanEnvironment(outer)).toEqual({ PATH: '/bin', MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' })
})
