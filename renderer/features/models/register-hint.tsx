import { useRead } from '#renderer/client/index.ts'
import { StateWord } from '#renderer/ui/marks/pill.tsx'
import { CodeBlock } from '#renderer/ui/states/code-block.tsx'
import s from './models.module.css'

const AT_ONCE = `# where the script logs its model anyway
mlflow.sklearn.log_model(model, "model", registered_model_name="churn")`
const LATER = `# or later, a model that a run has logged
import mlflow

mlflow.register_model("runs:/RUN_ID/model", "churn")`

/** Before anything is registered: how it is done, from a script. */
export function RegisterHint({ project }: { readonly project: string }) {
  const uri = useRead('projects.get', { project }).data?.trackingUri
  return (
    <div className={s.first}>
      <h2>No registered models yet</h2>
      <p>
        A registered model is a name for the versions that came out of runs, so that a script loads “the best one so
        far” rather than a run’s id. Scripts register them with MLflow; every flavour works the same way.
      </p>
      <CodeBlock label="Register while logging" code={AT_ONCE} language="python" />
      <CodeBlock label="Register later" code={LATER} language="python" />
      {uri === undefined ? null : (
        <CodeBlock label="Address" code={`export MLFLOW_TRACKING_URI=${uri}`} language="shell" />
      )}
      <StateWord state="wait">They stand here as soon as they are registered</StateWord>
    </div>
  )
}
