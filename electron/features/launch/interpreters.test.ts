import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '#electron/shim/shim-process.fixture.ts'
import { activated } from './activation.ts'
import { findInterpreters } from './interpreters.ts'

const folder = (): string => temporaryFolder('python')
function file(path: string, text = ''): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

describe('interpreters', () => {
  it('are found by their files, nearest first, with their versions', async () => {
    const home = folder()
    const root = join(home, 'code/churn')
    const python = (prefix: string): string => file(join(prefix, 'bin/python'))
    python(join(root, '.venv'))
    file(join(root, '.venv/pyvenv.cfg'), 'home = /usr/bin\nuv = 0.9.1\nversion_info = 3.12.4\n')
    python(join(root, 'src/old-env'))
    file(join(root, 'src/old-env/pyvenv.cfg'), 'version = 3.9.2\n')
    mkdirSync(join(root, 'data'))
    file(join(root, 'pyproject.toml'), '[tool.poetry]\nname = "churn"\n')
    const hash = createHash('sha256').update(root).digest('base64url').slice(0, 8)
    const poetry = join(home, '.cache/pypoetry/virtualenvs', `churn-${hash}-py3.10`)
    python(poetry)
    file(join(poetry, 'pyvenv.cfg'), 'version_info = 3.10.1.final.0\n')
    python(join(home, 'miniforge3'))
    file(join(home, 'miniforge3/conda-meta/python-3.11.5-h123_0.json'))
    python(join(home, 'miniforge3/envs/torch'))
    file(join(home, 'miniforge3/envs/torch/conda-meta/python-3.13.0-h1_0.json'))
    const bin = join(home, 'bin')
    mkdirSync(bin)
    const real = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
    symlinkSync(real, join(bin, 'python3'))
    symlinkSync(real, join(bin, 'python'))
    file(join(bin, 'broken/python3'), '#!/bin/false\n')
    chmodSync(join(bin, 'broken/python3'), 0o755)
    const found = await findInterpreters({
      folder: join(root, 'src'),
      root,
      environment: { HOME: home, PATH: `${bin}:${bin}/broken:relative` },
    })
    const version = execFileSync('python3', ['-c', 'import platform; print(platform.python_version())'], {
      encoding: 'utf8',
    }).trim()
    expect(found.map(({ kind, path, version: of }) => [kind, path.replace(home, '~'), of])).toEqual([
      ['venv', '~/code/churn/src/old-env/bin/python', '3.9.2'],
      ['uv', '~/code/churn/.venv/bin/python', '3.12.4'],
      ['poetry', `~/.cache/pypoetry/virtualenvs/churn-${hash}-py3.10/bin/python`, '3.10.1'],
      ['conda', '~/miniforge3/bin/python', '3.11.5'],
      ['conda', '~/miniforge3/envs/torch/bin/python', '3.13.0'],
      ['system', '~/bin/python3', version],
      ['system', '~/bin/broken/python3', null],
    ])
  })
})

describe('activation', () => {
  it("of conda sets its variables, the environment's own, and runs its scripts in their order", async () => {
    const prefix = join(folder(), 'envs', 'torch')
    file(join(prefix, 'bin/python'))
    file(join(prefix, 'conda-meta/state'), JSON.stringify({ env_vars: { own_var: 'x y', GONE: '***unset***' } }))
    file(join(prefix, 'etc/conda/activate.d/b.sh'), 'export LIB="$LIB:b"; echo noise')
    file(join(prefix, 'etc/conda/activate.d/a.sh'), 'export LIB="$CONDA_PREFIX/lib"\nexport MULTI="1\n2"\nfalse')
    file(join(prefix, 'etc/conda/activate.d/c.fish'), 'set -x NO 1')
    const base = { PATH: `/usr/bin:/bin`, HOME: '/h' }
    expect(await activated(join(prefix, 'bin/python'), base)).toEqual({
      HOME: '/h',
      PATH: `${prefix}/bin:/usr/bin:/bin`,
      CONDA_PREFIX: prefix,
      CONDA_DEFAULT_ENV: 'torch',
      CONDA_PROMPT_MODIFIER: '(torch) ',
      CONDA_SHLVL: '1',
      OWN_VAR: 'x y',
      LIB: `${prefix}/lib:b`,
      MULTI: '1\n2',
    })
  })

  it('of a virtual environment is what its own `activate` does; a system Python changes nothing', async () => {
    const prefix = join(folder(), '.venv')
    execFileSync('python3', ['-m', 'venv', '--without-pip', prefix])
    const base = { PATH: process.env['PATH'] ?? '', PYTHONHOME: '/x' }
    const ours = await activated(join(prefix, 'bin/python'), base)
    const theirs = execFileSync(
      'bash',
      ['--norc', '-c', `. ${prefix}/bin/activate; printf '%s\n%s\n%s' "$VIRTUAL_ENV" "$PATH" "\${PYTHONHOME-unset}"`],
      { env: base, encoding: 'utf8' },
    )
    expect([ours['VIRTUAL_ENV'], ours['PATH'], ours['PYTHONHOME'] ?? 'unset'].join('\n')).toBe(theirs)
    expect(await activated('/usr/bin/python3', base)).toBe(base)
  })
})
