#!/usr/bin/env node
// `npx benchtop` in a clone, and what benchtop.sh leaves to it: finds the Node that `npm ci` brought, whatever Node the machine has, and the built command.
// Plain CommonJS, because it runs on that other Node.
'use strict'
const { existsSync } = require('node:fs')
const { spawn, spawnSync } = require('node:child_process')
const { join, dirname } = require('node:path')
const { realpathSync } = require('node:fs')

const root = join(dirname(realpathSync(__filename)), '..', '..')
const carried = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  .map((name) => join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'))
  .find((file) => existsSync(file))
const node = carried ?? process.execPath
const command = join(root, 'build', 'cli', 'cli.js')

if (!existsSync(command)) {
  process.stderr.write('Building Benchtop once…\n')
  const built = spawnSync(node, [join(root, 'electron', 'start', 'build.ts')], { stdio: ['ignore', 2, 2], cwd: root })
  if (built.status !== 0) process.exit(built.status ?? 1)
}

// The terminal's signals reach the child by themselves: it is in the same process group. This process only waits, and stops with it.
for (const signal of ['SIGINT', 'SIGQUIT']) process.on(signal, () => {})
const child = spawn(node, ['--disable-warning=ExperimentalWarning', command, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => {
  if (signal === null) return process.exit(code ?? 1)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
