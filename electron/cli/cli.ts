import { AppError } from '#shared/rpc/app-error.ts'
import { exitLike } from '#electron/shim/run-in-terminal.ts'
import { parseCommandLine, type Parsed } from './command-line.ts'
import { helpFor } from './help.ts'

/** The `benchtop` command's entry. */

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

try {
  await perform(parseCommandLine(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}\n`)
  process.exitCode = error.code === 'invalid' ? 2 : 1
}

// Commands are loaded when they are asked for: `run` must not wait for what only `compare` needs.
async function perform(parsed: Parsed): Promise<void> {
  switch (parsed.command) {
    case 'help':
      return print(helpFor(parsed.topic))
    case 'version': {
      const { installation } = await import('#electron/platform/installation.ts')
      return print(`${installation().version}\n`)
    }
    case 'run': {
      const { runCommand } = await import('./commands/run.ts')
      const end = await runCommand(parsed.options)
      // Nothing may be cut off that was written before.
      await new Promise<void>((resolve) => process.stderr.write('', () => resolve()))
      return exitLike({ ...end, error: null })
    }
    case 'runs': {
      const { runsCommand } = await import('./commands/runs.ts')
      return print(await runsCommand(parsed.options))
    }
    case 'show': {
      const { showCommand } = await import('./commands/show.ts')
      return print(await showCommand(parsed.options))
    }
    case 'metrics': {
      const { metricsCommand } = await import('./commands/show.ts')
      return print(await metricsCommand(parsed.options))
    }
    case 'compare': {
      const { compareCommand } = await import('./commands/compare.ts')
      return print(await compareCommand(parsed.options))
    }
    case 'stop': {
      const { stopCommand } = await import('./commands/manage.ts')
      return print(await stopCommand(parsed.options))
    }
    case 'open': {
      const { openCommand } = await import('./commands/manage.ts')
      return print(await openCommand(parsed.options))
    }
    case 'backend': {
      const { backendCommand } = await import('./commands/manage.ts')
      return print(await backendCommand(parsed.options))
    }
  }
}

function print(text: string): void {
  process.stdout.write(text)
}
