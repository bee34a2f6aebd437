const GENERAL = `benchtop: runs, comparisons and models of your project, offline

  benchtop run [OPTIONS] -- COMMAND...   run a command and keep what it does
  benchtop runs [FILTER]                 list runs
  benchtop show RUN                      everything known about a run
  benchtop compare RUN RUN...            what differs between runs
  benchtop metrics RUN KEY               every point of a metric
  benchtop stop RUN                      stop a run; again to insist
  benchtop open [FOLDER]                 open the app
  benchtop backend status|stop           the process behind all of it

A RUN is its number (12), its name, the beginning of its id, or "last". The project is that of the
current folder; --project DIR names another. benchtop help COMMAND tells more.
`

const TOPICS: Readonly<Record<string, string>> = {
  run: `benchtop run [-e EXPERIMENT] [-n NAME] [--detach] [--keep-tracking] [--quiet] [-p DIR] -- COMMAND...

Runs the command in this terminal as if it were run bare: same output, same keys, same exit code. Its
arguments, output, metrics, code state and environment are kept as a run of the project.

  -e, --experiment NAME   the run's experiment
  -n, --name NAME         the run's name
  -d, --detach            start it in the background and return
      --keep-tracking     leave a tracking server that the environment names, instead of ours
  -q, --quiet             no closing lines
`,
  runs: `benchtop runs [FILTER] [-s COLUMN] [-c COLUMNS] [-n COUNT] [--archived] [--json|--csv]

  benchtop runs 'val_acc > 0.8 and not lr = 0.1'
  benchtop runs -s -val_acc -c val_acc,metric:val_loss:min,lr

  -s, --sort COLUMN       sort by a column; -COLUMN for descending
  -c, --columns A,B       parameters, metrics or tags to show
  -n, --limit COUNT       at most so many (50)
`,
  show: `benchtop show RUN [--json|--csv]
`,
  compare: `benchtop compare RUN RUN... [--all] [--json|--csv]

Shows what differs; the first run is the base. --all shows what is the same too.
`,
  metrics: `benchtop metrics RUN KEY [--json|--csv]

Every point, with its step and time. NaN and infinities are written as such.
`,
  stop: `benchtop stop RUN

Sends SIGINT to the run's whole tree; SIGTERM and SIGKILL follow after a grace, or when asked again.
`,
  open: `benchtop open [FOLDER] [--print]

Opens the app in the browser, or prints its address only.
`,
  backend: `benchtop backend status|stop [--force]

One process serves windows, terminals and scripts. It ends by itself when nothing needs it.
`,
}

/** The text of `--help`. */
export function helpFor(topic: string | undefined): string {
  return (topic === undefined ? undefined : TOPICS[topic]) ?? GENERAL
}
