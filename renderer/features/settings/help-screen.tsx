import { useRead } from '#renderer/client/index.ts'
import { Kbd } from '#renderer/ui/keys/kbd.tsx'
import { CodeBlock } from '#renderer/ui/states/code-block.tsx'
import s from './help.module.css'

/** What a newcomer asks, with the addresses and commands of this very installation. */
export function HelpScreen({ project }: { readonly project: string | undefined }) {
  const detail = useRead('projects.get', { project: project ?? 'inbox' })
  const uri = detail.data?.trackingUri ?? ''
  return (
    <div className={s.screen}>
      <article className={s.column}>
        <section>
          <h2>Log a run</h2>
          <p>
            From a terminal, in the project’s folder. The command feels as if it were run bare; Ctrl-C, the debugger and
            the exit code are its own.
          </p>
          <CodeBlock label="Run a command" code="benchtop run -- python train.py --lr 0.1" />
          <p>A script that logs with MLflow needs one variable. Notebooks and debuggers too.</p>
          <CodeBlock label="MLflow" code={`export MLFLOW_TRACKING_URI=${uri}`} />
          <p>
            A script without any tracker can log by hand. What <code>benchtop run</code> starts finds the module by
            itself; elsewhere, put <code>resources/python</code> on PYTHONPATH.
          </p>
          <CodeBlock
            label="Python"
            code={
              'import benchtop\n\nwith benchtop.init(name="baseline") as run:\n    run.log_params({"lr": 0.1})\n    run.log({"loss": 0.41}, step=1)'
            }
          />
        </section>
        <section>
          <h2>Bring what you have</h2>
          <p>
            An <code>mlruns</code> folder of any age, an <code>mlflow.db</code> or the address of a tracking server
            comes with its ids, times, points, models and files. Before it begins it says what is copied. Importing
            again brings only what is new; the palette’s “Import from MLflow…” or a drop on the window does the same.
            What was taken in can be followed, told of and forgotten from a terminal too; <code>--take-back</code> puts
            the runs that it alone brought into the trash and deletes its models, unless they were changed since. Of a
            damaged <code>mlflow.db</code> comes what can still be read, and the report says what is wrong with it.
          </p>
          <CodeBlock
            label="Import"
            code={
              'benchtop import ~/thesis/mlruns\nbenchtop import --list\nbenchtop import --follow 1\nbenchtop import --take-back 1\nbenchtop import --history'
            }
          />
        </section>
        <section>
          <h2>Filter runs</h2>
          <p>Parameters, metrics, tags and facts of a run by name; the field completes them.</p>
          <dl>
            <dt>val_acc &gt; 0.8 and not lr = 0.1</dt>
            <dd>and, or, not and parentheses, in any case</dd>
            <dt>best(val_loss) &lt; 0.4</dt>
            <dd>last, min, max or best of a metric; a bare name is its last value</dd>
            <dt>name like 'lgbm%'</dt>
            <dd>% is any text, _ one letter; ilike ignores case</dd>
            <dt>optimizer in ('adam', 'sgd')</dt>
            <dd>one of several</dd>
            <dt>exists(params.dropout)</dt>
            <dd>
              runs that have it; <code>is null</code> for those that lack it
            </dd>
            <dt>started &gt; 7d ago and duration &gt; 5m</dt>
            <dd>dates, ages and lengths of time</dd>
          </dl>
        </section>
        <section>
          <h2>Keep models by name</h2>
          <p>
            What a script registers with MLflow stands under Models: versions, aliases, stages, the run and the files of
            each. Give the best one an alias, and scripts load it by that. Changes made there, deletions too, can be
            undone; MLflow’s clients see the same registry. The page of a run leads to what was registered from it;{' '}
            <code>benchtop models</code> tells of it in a terminal.
          </p>
          <CodeBlock
            label="Register"
            code={
              'mlflow.sklearn.log_model(model, "model", registered_model_name="churn")\nmodel = mlflow.pyfunc.load_model("models:/churn@champion")'
            }
          />
        </section>
        <section>
          <h2>Keep order</h2>
          <p>
            Runs move to another project with their points, files and models, from the Inbox too, once they have ended.
            Versions that lose their files by that are named first. Notes and descriptions are read as markdown.
          </p>
        </section>
        <section>
          <h2>What survives what</h2>
          <p>
            Closing the window, or its crash, ends no training: runs belong to a process of their own, and it comes back
            by itself. A background launch writes its own log file. Every point that a script’s log call returned from
            is on disk.
          </p>
          <p>
            Deleted runs wait in the trash for 30 days; <Kbd keys="Mod+Z" /> takes back the last change. Each project’s
            history is also kept in rolling backups outside of its folder.
          </p>
        </section>
        <section>
          <h2>How to leave</h2>
          <p>
            The whole project goes into a folder that MLflow opens, with the same numbers. Artifacts are plain files
            under <code>.benchtop/artifacts</code>. Tables come out of the terminal as CSV or JSON, charts as CSV, SVG
            or PNG. The database is SQLite.
          </p>
          <CodeBlock
            label="Export"
            code={
              'benchtop export --mlflow ~/thesis-mlflow\nbenchtop runs --csv > runs.csv\nbenchtop metrics RUN KEY --csv > points.csv'
            }
          />
        </section>
      </article>
    </div>
  )
}
