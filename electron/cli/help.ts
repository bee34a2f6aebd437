const GENERAL = `benchtop: runs, comparisons and models of your project, offline

  benchtop run [OPTIONS] -- COMMAND...   run a command and keep what it does
  benchtop runs [FILTER]                 list runs
  benchtop show RUN                      everything known about a run
  benchtop compare RUN RUN...            what differs between runs
  benchtop metrics RUN KEY               every point of a metric
  benchtop models [NAME]                 registered models; the versions of one
  benchtop export --mlflow FOLDER        write an mlflow.db with all files, for MLflow itself
  benchtop import PATH|URL               take in the runs of another tracker
  benchtop stop RUN                      stop a run; again to insist
  benchtop restore RUN...                bring runs back from the trash
  benchtop open [FOLDER]                 open the app
  benchtop gc                            what a project takes on disk, and what can be given back
  benchtop backend status|stop           the process behind all of it

A RUN is its number (12), its name, the beginning of its id, or "last". The project is that of the
current folder; --project names another, by its folder or its name (inbox). benchtop help COMMAND
tells more.
`

const TOPICS: Readonly<Record<string, string>> = {
  run: `benchtop run [-e EXPERIMENT] [-n NAME] [--detach] [--log-here] [--quiet] [-p DIR] -- COMMAND...

Runs the command in this terminal as if it were run bare: same output, same keys, same exit code. Its
arguments, output, metrics, code state and environment are kept as a run of the project.

  -e, --experiment NAME   the run's experiment
  -n, --name NAME         the run's name
  -d, --detach            start it in the background and return
      --log-here          log here, where the environment or .env names another tracking server
      --keep-tracking     log to that one, which is what happens by itself
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
  compare: `benchtop compare RUN RUN... [--all] [--diff] [--json|--csv]

Shows what differs; the first run is the base. * marks the best; a difference is also told in standard
deviations between seeds, where runs that differ only in their seed give one.

  -a, --all               what is the same too
  -d, --diff              the code's difference too, line by line
`,
  metrics: `benchtop metrics RUN KEY [--json|--csv]

Every point, with its step and time. NaN and infinities are written as such.
`,
  models: `benchtop models [NAME] [--json|--csv] [-p DIR]

The models that scripts have registered, with their versions, aliases and stages.

  benchtop models                    all, one a line
  benchtop models churn              one, with its versions
  benchtop models churn/3            a version: its run, its files, what it was measured at, how to load it
  benchtop models churn@champion     the same by an alias; churn/latest is the newest
`,
  export: `benchtop export --mlflow FOLDER [RUN...] [--no-artifacts] [--dry-run] [--json] [-p DIR]

Writes mlflow.db and mlruns/ into a new or empty folder, which the real MLflow (3.0 and later) opens with
the same numbers: all runs that are not in the trash, or the named ones. Ctrl-C leaves nothing behind.

      --no-artifacts      without files
      --dry-run           only say what would be written
      --json              the plan or the report as JSON
`,
  import: `benchtop import PATH|URL [--reference] [--artifacts DIR] [--watch] [--dry-run] [--yes] [--json] [-p DIR]
benchtop import --list [--json]
benchtop import --history [SOURCE] [--json]
benchtop import --again|--follow|--unfollow|--forget|--take-back SOURCE [--json]

Takes in the runs, models and files of folders mlruns, of databases mlflow.db, or of a tracking server. A
folder is searched for all that it holds. Says first what would come, from where, and how much room it takes;
on a terminal it asks. Ids and times are kept. A second import adds only what is new.

      --reference         leave files where they are and show them from there
      --artifacts DIR     where files lie that are neither where the records say nor beside the store: what a
                          server calls its artifacts destination, say; it is remembered
  -w, --watch             follow it: take in what is added there, while the backend runs
  -n, --dry-run           say what would come, and end
  -y, --yes               don't ask
      --token-env NAME    the variable that holds a server's token; it is kept, in a file that only you can
                          read, while the server is followed
      --json              the plan, the reports or the list, for programs

A SOURCE is its number in the list, its path or its address.

  -l, --list              what was taken in before, and how it stands
      --history           what each import brought, newest first
      --again             take in what is new there, also where the last try failed
      --follow            take in by itself what is added there; --unfollow ends that
      --forget            off the list; its runs stay, and what was deleted here for good comes with the next import
      --take-back         the runs that it alone brought into the trash; the models and versions that it alone
                          registered are deleted, unless somebody has changed them since; runs that hold the
                          files of a version that stays stay too

Ends with 1 when an import failed or was cancelled. Ctrl-C ends it; what has come stays.
`,
  stop: `benchtop stop RUN

Sends SIGINT to the run's whole tree; SIGTERM and SIGKILL follow after a grace, or when asked again.
`,
  restore: `benchtop restore RUN...

Brings runs back from the trash, where they are kept for 30 days after they were deleted.
`,
  open: `benchtop open [FOLDER] [--print]

Opens the app in the browser, or prints its address only.
`,
  gc: `benchtop gc [--apply] [--json] [-p DIR]

Says what the project takes on disk and what its database could give back. Nothing is changed without --apply.

      --apply             give it back; scripts go on logging meanwhile
`,
  backend: `benchtop backend status|stop [--force]

One process serves windows, terminals and scripts. It ends by itself when nothing needs it.
`,
}

/** Whether `benchtop help WORD` has something to tell. */
export function hasHelp(topic: string): boolean {
  return Object.hasOwn(TOPICS, topic)
}

/** The text of `--help`. */
export function helpFor(topic: string | undefined): string {
  return (topic === undefined ? undefined : TOPICS[topic]) ?? GENERAL
}
