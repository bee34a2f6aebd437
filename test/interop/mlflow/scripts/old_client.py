"""What a script on an mlflow of some years ago does in a day: all through names that have been there since 1.30."""

import os
import sys
import tempfile

import mlflow
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.tracking import MlflowClient
from telling import Teller, files_below

uri, prefix = sys.argv[1:]
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"
mlflow.set_tracking_uri(uri)
teller = Teller()
ask, label = teller.ask, teller.label
client = MlflowClient(uri)
label(prefix, "old")

# The fluent names
experiment = mlflow.set_experiment(f"{prefix} größe").experiment_id
label(experiment, "experiment")
with mlflow.start_run(run_name="first", tags={"team": "red"}) as started:
    run_id = label(started.info.run_id, "first")
    mlflow.log_param("lr", 0.1)
    mlflow.log_params({"depth": 3, "größe": "中文"})
    for step in range(5):
        mlflow.log_metric("loss", 1 / 2**step, step=step)
    mlflow.log_metrics({"acc": 0.75, "nothing": float("nan")}, step=4)
    mlflow.set_tag("stage", 1)
    mlflow.set_tags({"mlflow.note.content": "a *note*", "gone": "1"})
    mlflow.log_text("text ü", "notes/text.txt")
    mlflow.log_dict({"a": [1, 2]}, "dict.json")
    work = tempfile.mkdtemp()
    for name in ["größe 1.txt", "b.csv"]:
        with open(os.path.join(work, name), "w", encoding="utf-8") as file:
            file.write(name)
    mlflow.log_artifact(os.path.join(work, "b.csv"), "one")
    mlflow.log_artifacts(work, "all")
    with mlflow.start_run(run_name="inside", nested=True) as nested:
        inside = label(nested.info.run_id, "inside")
    ask("artifact address", lambda: mlflow.get_artifact_uri("all"))


def told(run):
    """A run without what differs by the version of the client: who logged it, and from where."""
    tags = {key: value for key, value in run.data.tags.items() if not key.startswith(("mlflow.source", "mlflow.user"))}
    metrics = {key: str(value) for key, value in run.data.metrics.items()}
    return [run.info.status, run.info.lifecycle_stage, run.data.params, metrics, tags]


ask("first", lambda: told(client.get_run(run_id)))
ask("inside", lambda: told(client.get_run(inside)))
ask("started and ended", lambda: 0 < started.info.start_time <= client.get_run(run_id).info.end_time)

# The client's own
second = label(client.create_run(experiment, tags={"mlflow.runName": "second", "mlflow.parentRunId": run_id}).info.run_id, "second")
client.log_batch(
    second,
    metrics=[Metric("loss", value / 8, 1_000 - value, value) for value in range(900)] + [Metric("late", 1, 5, 0), Metric("late", 2, 4, 0)],
    params=[Param(f"p{number:02}", str(number)) for number in range(100)][:90],
    tags=[RunTag("team", "blue"), RunTag("gone", "1")],
)
client.log_param(second, "lr", "0.1")
ask("a parameter again", lambda: client.log_param(second, "lr", "0.1") and None)
ask("a parameter changed", lambda: client.log_param(second, "lr", "0.2") and None, words=False)
client.delete_tag(second, "gone")
ask("a tag that is gone", lambda: client.delete_tag(second, "gone"), words=False)
client.set_terminated(second, "FAILED", end_time=9_000)
ask("second", lambda: [len(client.get_run(second).data.params), client.get_run(second).data.metrics, client.get_run(second).info.status])
ask("history", lambda: [[point.step, point.value, point.timestamp] for point in client.get_metric_history(second, "loss")][-2:])
ask("length of the history", lambda: len(client.get_metric_history(second, "loss")))
ask("history of several a step", lambda: [[point.value, point.timestamp] for point in client.get_metric_history(second, "late")])
ask("history of nothing", lambda: client.get_metric_history(second, "none"))
ask("no run", lambda: client.get_run("0" * 32), words=False)
ask("a bad name", lambda: client.log_metric(second, "a//b", 1), words=False)

# Search
for number in range(7):
    made = client.create_run(experiment, start_time=number, tags={"mlflow.runName": f"page {number}"})
    client.log_metric(made.info.run_id, "rank", (number * 3) % 7)


def names(found):
    return [run.data.tags["mlflow.runName"] for run in found]


for condition in [
    "tags.team = 'red'",
    "metrics.loss < 1 and params.lr = '0.1'",
    "attributes.status = 'FAILED'",
    "params.`größe` LIKE '中%'",
    "metrics.rank >= 5",
    "tag.`mlflow.runName` ILIKE 'PAGE 1'",
]:
    ask(f"runs {condition}", lambda: sorted(names(client.search_runs([experiment], condition))))  # noqa: B023
ask("refused", lambda: client.search_runs([experiment], "nonsense = 5"), words=False)
ask("ordered", lambda: names(client.search_runs([experiment], "metrics.rank >= 0", order_by=["metrics.rank DESC"])))
pages, token = [], None
while token is not None or not pages:
    page = client.search_runs([experiment], "metrics.rank >= 0", max_results=3, order_by=["metrics.rank"], page_token=token)
    pages.append(names(page))
    token = page.token
ask("pages", lambda: pages)
ask("by the fluent name", lambda: len(mlflow.search_runs([experiment], output_format="list")))
ask("experiments", lambda: [one.experiment_id for one in client.search_experiments(filter_string=f"name LIKE '{prefix}%'")])
ask("experiment by name", lambda: client.get_experiment_by_name(f"{prefix} größe").experiment_id)
ask("no experiment by name", lambda: client.get_experiment_by_name("nowhere"))

# Files
ask("files", lambda: [[file.path, file.is_dir, file.file_size] for file in client.list_artifacts(run_id)])
ask("files below", lambda: [[file.path, file.is_dir, file.file_size] for file in client.list_artifacts(run_id, "all")])
ask("files of nothing", lambda: client.list_artifacts(run_id, "none"))
ask("all down", lambda: files_below(client.download_artifacts(run_id, "", tempfile.mkdtemp())))
ask("one down", lambda: files_below(client.download_artifacts(run_id, "all/größe 1.txt", tempfile.mkdtemp())))
ask("read", lambda: [mlflow.artifacts.load_text(f"runs:/{run_id}/notes/text.txt"), mlflow.artifacts.load_dict(f"runs:/{run_id}/dict.json")])
ask("nothing down", lambda: client.download_artifacts(run_id, "none.txt", tempfile.mkdtemp()) and None, words=False)

# Registry
model = f"{prefix} model"
client.create_registered_model(model, tags={"a": "1"}, description="words")
ask("registered again", lambda: client.create_registered_model(model), words=False)
for path in ["all", "one", "notes"]:
    client.create_model_version(model, f"{started.info.artifact_uri}/{path}", run_id, tags={"from": path})


def staged(**how):
    return [[version.version, version.current_stage] for version in sorted(client.search_model_versions(f"name = '{model}'"), key=lambda one: int(one.version))]


client.transition_model_version_stage(model, "1", "Staging")
client.transition_model_version_stage(model, "2", "Production")
ask("staged", staged)
client.transition_model_version_stage(model, "3", "production", archive_existing_versions=True)
ask("staged next", staged)
ask("an unknown stage", lambda: client.transition_model_version_stage(model, "1", "Best") and None, words=False)
ask("latest", lambda: sorted([version.current_stage, version.version] for version in client.get_latest_versions(model)))
ask("latest in production", lambda: [version.version for version in client.get_latest_versions(model, stages=["Production"])])
client.update_model_version(model, "1", "about this")
client.set_model_version_tag(model, "1", "b", "2")
client.delete_model_version_tag(model, "1", "from")
client.set_registered_model_tag(model, "c", "3")
client.delete_registered_model_tag(model, "a")
ask("version", lambda: [getattr(client.get_model_version(model, "1"), key) for key in ("version", "description", "tags", "run_id", "status")])
ask("model", lambda: [client.get_registered_model(model).description, client.get_registered_model(model).tags])
ask("where it lies", lambda: client.get_model_version_download_uri(model, "1"))
ask("of the model", lambda: files_below(mlflow.artifacts.download_artifacts(f"models:/{model}/1")))
ask("of a stage", lambda: files_below(mlflow.artifacts.download_artifacts(f"models:/{model}/Production")))
if hasattr(client, "set_registered_model_alias"):  # Since 2.3.
    client.set_registered_model_alias(model, "best", "2")
    ask("by alias", lambda: client.get_model_version_by_alias(model, "best").version)
    client.delete_registered_model_alias(model, "best")
client.rename_registered_model(model, f"{model} renamed")
ask("models", lambda: [one.name for one in client.search_registered_models(f"name LIKE '{prefix}%'")])
ask("versions of the run", lambda: len(client.search_model_versions(f"run_id = '{run_id}'")))
client.delete_model_version(f"{model} renamed", "3")
ask("a version that is gone", lambda: client.get_model_version(f"{model} renamed", "3"), words=False)
client.delete_registered_model(f"{model} renamed")
ask("models at last", lambda: [one.name for one in client.search_registered_models(f"name LIKE '{prefix}%'")])

# Away and back
client.delete_run(second)
ask("active", lambda: len(client.search_runs([experiment])))
ask("deleted", lambda: names(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)))
ask("logged to what is deleted", lambda: client.log_metric(second, "m", 1), words=False)
client.restore_run(second)
ask("restored", lambda: len(client.search_runs([experiment])))
client.rename_experiment(experiment, f"{prefix} renamed")
client.set_experiment_tag(experiment, "k", "v")
client.delete_experiment(experiment)
ask("experiment deleted", lambda: client.get_experiment(experiment).lifecycle_stage)
client.restore_experiment(experiment)
ask("experiment restored", lambda: [client.get_experiment(experiment).name, client.get_experiment(experiment).lifecycle_stage, client.get_experiment(experiment).tags])

print(f'VERSION "{mlflow.__version__}"')
teller.print()
