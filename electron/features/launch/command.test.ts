import { describe, expect, it } from 'vitest'
import { commandParts, launcherVariables, scriptName, withInterpreter } from './command.ts'

const split = (text: string): readonly string[] => text.split(' ')

describe('the script of a command', () => {
  it.each([
    ['python train.py --lr 0.1', 'train.py', ['--lr', '0.1']],
    ['python3.11 -u -X dev -W ignore train.py a', 'train.py', ['a']],
    ['/opt/venv/bin/python -m pkg.train --lr 0.1', 'pkg.train', ['--lr', '0.1']],
    ['python -c print(1) x', null, ['print(1)', 'x']],
    ['bash -eu run.sh 1 2', 'run.sh', ['1', '2']],
    ['bash -c echo', null, []],
    ['./train.py --lr 0.1', './train.py', ['--lr', '0.1']],
    ['train-model --lr 0.1', null, ['--lr', '0.1']],
    ['uv run train.py --lr 0.1', 'train.py', ['--lr', '0.1']],
    ['uv run --with numpy --python 3.12 python -m pkg.train x', 'pkg.train', ['x']],
    ['poetry run python src/train.py', 'src/train.py', []],
    ['conda run -n python python train.py', 'train.py', []],
    ['torchrun --nproc_per_node 2 train.py --lr 0.1', 'train.py', ['--lr', '0.1']],
    ['torchrun --nproc-per-node=2 -m pkg.train --lr 0.1', 'pkg.train', ['--lr', '0.1']],
    ['accelerate launch --num_processes 2 --config_file a.yaml train.py x', 'train.py', ['x']],
    ['python -m torch.distributed.run --nproc_per_node=2 train.py x', 'train.py', ['x']],
    ['env A=1 nice -n 5 python train.py', 'train.py', []],
    ['srun --gpus 1 python train.py', 'train.py', []],
    ['nohup ./go.sh x', './go.sh', ['x']],
  ] as const)('%s', (command, script, given) => {
    const parts = commandParts(split(command))
    expect([parts.script, parts.arguments]).toEqual([script, given])
  })

  it('is named from the project, wherever the command runs', () => {
    expect(scriptName(['python', 'train.py'], '/p/src', '/p')).toBe('src/train.py')
    expect(scriptName(['python', '/p/src/train.py'], '/elsewhere', '/p')).toBe('src/train.py')
    expect(scriptName(['python', '../x.py'], '/p', '/p')).toBe('/x.py')
    expect(scriptName(['python', '-m', 'pkg.train'], '/p/src', '/p')).toBe('-m pkg.train')
    expect(scriptName(['/usr/bin/env'], '/p', '/p')).toBe('env')
  })

  it('is run by the chosen interpreter', () => {
    expect(withInterpreter(['python3', 'a.py'], '/v/bin/python')).toEqual(['/v/bin/python', 'a.py'])
    expect(withInterpreter(['uv', 'run', 'a.py'], '/v/bin/python')).toEqual(['uv', 'run', 'a.py'])
    expect(withInterpreter(['python', 'a.py'], undefined)).toEqual(['python', 'a.py'])
  })

  it('of several processes has its lines marked by rank, unless the command says how', () => {
    const tee = (text: string) => launcherVariables(split(text))
    expect([
      tee('torchrun a.py'),
      tee('/v/bin/torchrun --nproc 2 a.py'),
      tee('python -m torch.distributed.run a.py'),
    ]).toEqual([{ PET_TEE: '3' }, { PET_TEE: '3' }, { PET_TEE: '3' }])
    expect([tee('torchrun --tee=1 a.py'), tee('torchrun -t 0 a.py'), tee('python a.py --name torchrun2')]).toEqual([
      {},
      {},
      {},
    ])
  })
})
