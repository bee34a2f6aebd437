import { exitLike, runInTerminal } from './run-in-terminal.ts'
import type { TerminalLaunch } from './terminal-launch.ts'

/** For tests: what `benchtop run` does with a prepared launch, given as JSON in the first argument. */
const given = JSON.parse(process.argv[2] ?? '{}') as Omit<TerminalLaunch, 'environment'>
exitLike(await runInTerminal({ ...given, environment: process.env as Readonly<Record<string, string>> }))
