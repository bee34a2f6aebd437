import { AppError } from '#shared/rpc/app-error.ts'
import { exitLike } from '#electron/shim/run-in-terminal.ts'
import { parseCommandLine, type Parsed } from './command-line.ts'
import { helpFor } from './help.ts'

/** The `benchtop` command's entry. */

try {
  await perform(parseCommandLine(process.argv.slice(2)))
} catch (error) {
  process.exitCode = error instanceof AppError && error.code === 'invalid' ? 2 : 1
  process.stderr.write(`${wordsOf(error)}\n`)
}

function wordsOf(error: unknown): string {
  if (error instanceof AppError) return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`
  return `benchtop failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
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
      // Nothing may be cut off that was written before; a reader that went away takes none of it.
      process.stderr.on('error', () => {})
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
    case 'models': {
      const { modelsCommand } = await import('./commands/models.ts')
      return print(await modelsCommand(parsed.options))
    }
    case 'export': {
      const { exportCommand } = await import('./commands/export.ts')
      return print(await exportCommand(parsed.options))
    }
    case 'import': {
      const { importCommand } = await import('./commands/import.ts')
      const { text, code } = await importCommand(parsed.options)
      process.exitCode = code
      return print(text)
    }
    case 'sources': {
      const { sourcesCommand } = await import('./commands/import-sources.ts')
      const { text, code } = await sourcesCommand(parsed.options)
      process.exitCode = code
      return print(text)
    }
    case 'stop': {
      const { stopCommand } = await import('./commands/manage.ts')
      return print(await stopCommand(parsed.options))
    }
    case 'restore': {
      const { restoreCommand } = await import('./commands/manage.ts')
      return print(await restoreCommand(parsed.options))
    }
    case 'open': {
      const { openCommand } = await import('./commands/manage.ts')
      return print(await openCommand(parsed.options))
    }
    case 'gc': {
      const { gcCommand } = await import('./commands/gc.ts')
      return print(await gcCommand(parsed.options))
    }
    case 'backend': {
      const { backendCommand } = await import('./commands/manage.ts')
      return print(await backendCommand(parsed.options))
    }
  }
}

function print(text: string): void {
  // A reader that has seen enough (`| head`) is no error. `run` minds this itself: its command has to learn of it.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
  process.stdout.write(text)
}
