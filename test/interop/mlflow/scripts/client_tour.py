"""Every public method of MlflowClient that a tracking server without the GenAI parts serves, and how it fails."""

import json
import os
import sys
import tempfile

import numpy
import pandas
from mlflow import MlflowClient
from mlflow.entities import (
    Dataset,
    DatasetInput,
    InputTag,
    LoggedModelInput,
    LoggedModelOutput,
    LoggedModelParameter,
    Metric,
    Param,
    RunTag,
    ViewType,
)
from telling import Teller

uri = sys.argv[1]
os.environ["MLFLOW_TRACKING_URI"] = uri
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"
teller = Teller()
ask, label = teller.ask, teller.label
called = set()


class Noting:
    """Passes calls on to the client and notes their names."""

    def __init__(self, client):
        self.client = client

    def __getattr__(self, name):
        called.add(name)
        return getattr(self.client, name)


client = Noting(MlflowClient(uri))

# Experiments
experiment = label(client.create_experiment("tour größe", tags={"team": "a"}), "experiment")
ask("experiment", lambda: client.get_experiment(experiment))
ask("experiment by name", lambda: client.get_experiment_by_name("tour größe"))
ask("no experiment by name", lambda: client.get_experiment_by_name("nowhere"))
ask("no experiment", lambda: client.get_experiment("987654"))
ask("experiment again", lambda: client.create_experiment("tour größe") and None, words=False)
client.set_experiment_tag(experiment, "k", "v")
client.delete_experiment_tag(experiment, "team")
client.rename_experiment(experiment, "tour renamed")
ask("experiments", lambda: list(client.search_experiments(filter_string="name LIKE 'tour%'", view_type=ViewType.ALL)))
ask("experiments refused", lambda: list(client.search_experiments(filter_string="nonsense = 5")) and None, words=False)

# Runs
run = client.create_run(experiment, start_time=1000, tags={"mlflow.user": "ada", "x": "ü"}, run_name="first")
run_id = label(run.info.run_id, "run")
ask("run", lambda: client.get_run(run_id))
child = client.create_run(experiment, start_time=2000, tags={"mlflow.parentRunId": run_id, "mlflow.user": "unknown"}, run_name="child")
child_id = label(child.info.run_id, "child")
ask("parent", lambda: client.get_parent_run(child_id).info.run_id)
ask("no parent", lambda: client.get_parent_run(run_id))
ask("no run", lambda: client.get_run("0" * 32))
ask("run in nothing", lambda: client.create_run("987654"))
client.update_run(run_id, status="SCHEDULED", name="renamed")
client.set_terminated(child_id, "FAILED", end_time=9000)
ask("child", lambda: client.get_run(child_id))
client.delete_run(child_id)
ask("log to deleted", lambda: client.log_param(child_id, "p", 1) and None)
client.restore_run(child_id)

# Values
client.log_param(run_id, "lr", 0.1)
ask("param changed", lambda: client.log_param(run_id, "lr", 0.2) and None)
client.log_param(run_id, "long", "x" * 1_000_000)
ask("length of the long param", lambda: len(client.get_run(run_id).data.params["long"]))
client.log_metric(run_id, "acc", 0.5, timestamp=10, step=1)
client.log_metric(run_id, "acc", float("nan"), timestamp=11, step=2)
client.log_batch(
    run_id,
    metrics=[Metric("loss", i / 4, 1000 - i, i) for i in range(30)],
    params=[Param("größe", "中文"), Param("depth", "3")],
    tags=[RunTag("stage", "1"), RunTag("gone", "1")],
)
client.set_tag(run_id, "stage", 2)
client.delete_tag(run_id, "gone")
ask("tag deleted again", lambda: client.delete_tag(run_id, "gone") and None)
ask("metric of a bad name", lambda: client.log_metric(run_id, "a//b", 1) and None)
ask("param of a bad name", lambda: client.log_param(run_id, "a*b", 1) and None)
ask("history", lambda: client.get_metric_history(run_id, "loss"))
ask("history of nothing", lambda: client.get_metric_history(run_id, "nothing"))
ask("nan", lambda: client.get_metric_history(run_id, "acc"))

# Inputs and outputs
dataset = Dataset(name="iris", digest="abc", source_type="local", source='{"uri":"x"}', schema="{}", profile="{}")
client.log_inputs(run_id, datasets=[DatasetInput(dataset, [InputTag("mlflow.data.context", "train")])])

# Artifacts
work = tempfile.mkdtemp()
with open(os.path.join(work, "größe.txt"), "w") as file:
    file.write("hello")
client.log_artifact(run_id, os.path.join(work, "größe.txt"))
client.log_artifact(run_id, os.path.join(work, "größe.txt"), "in/a folder")
client.log_artifacts(run_id, work, "all")
client.log_text(run_id, "text ü", "text.txt")
client.log_dict(run_id, {"a": [1, 2]}, "dict.json")
client.log_table(run_id, data=pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]}), artifact_file="table.json")
client.log_image(run_id, numpy.zeros((4, 4, 3), dtype=numpy.uint8), "image.png")
client.log_stream(run_id, open(os.path.join(work, "größe.txt"), "rb"), "stream.txt")

import matplotlib  # noqa: E402

matplotlib.use("agg")
from matplotlib import pyplot  # noqa: E402

figure = pyplot.figure()
client.log_figure(run_id, figure, "figure.png")
named = lambda files: [(file.path, file.is_dir) for file in files]  # noqa: E731
ask("artifacts", lambda: named(client.list_artifacts(run_id)))
ask("artifacts below", lambda: named(client.list_artifacts(run_id, "in")))
ask("artifacts further below", lambda: [(f.path, f.file_size) for f in client.list_artifacts(run_id, "in/a folder")])
ask("artifacts of nothing", lambda: named(client.list_artifacts(run_id, "nothing")))
ask("artifacts outside", lambda: named(client.list_artifacts(run_id, "../..")))
ask("table", lambda: client.load_table(experiment, "table.json", run_ids=[run_id]).to_dict("list"))
downloaded = client.download_artifacts(run_id, "all", work)
ask("downloaded", lambda: open(os.path.join(downloaded, "größe.txt")).read())
whole = client.download_artifacts(run_id, "", tempfile.mkdtemp())
ask("downloaded whole", lambda: sorted(os.path.relpath(os.path.join(at, name), whole) for at, _, files in os.walk(whole) for name in files))
ask("download nothing", lambda: client.download_artifacts(run_id, "nothing.txt", work) and None)

# Logged models
model = client.create_logged_model(
    experiment, name="lm", source_run_id=run_id, tags={"t": "1"}, params={"p": "1"}, model_type="any"
)
model_id = label(model.model_id, "model")
client.log_model_params(model_id, {"q": "2"})
client.set_logged_model_tags(model_id, {"u": "2"})
client.delete_logged_model_tag(model_id, "t")
client.log_model_artifact(model_id, os.path.join(work, "größe.txt"))
client.log_model_artifacts(model_id, work)
ask("files of the model", lambda: sorted(named(client.list_logged_model_artifacts(model_id))))
client.log_metric(run_id, "quality", 0.75, timestamp=5, step=1, model_id=model_id, dataset_name="iris", dataset_digest="abc")
client.finalize_logged_model(model_id, "READY")
client.log_outputs(run_id, [LoggedModelOutput(model_id, step=2)])
client.log_inputs(child_id, models=[LoggedModelInput(model_id)])
ask("model", lambda: client.get_logged_model(model_id).to_dictionary())
ask("no model", lambda: client.get_logged_model("m-nothing"))
other_id = label(client.create_logged_model(experiment, name="other").model_id, "other")
ask("models", lambda: [m.name for m in client.search_logged_models([experiment], order_by=[{"field_name": "name"}])])
ask("models filtered", lambda: [m.name for m in client.search_logged_models([experiment], "params.q = '2'")])
client.delete_logged_model(other_id)
ask("model deleted", lambda: client.get_logged_model(other_id))

ask("run at last", lambda: client.get_run(run_id))
ask("child at last", lambda: client.get_run(child_id))

# Search
for filter_string in ["", "params.lr = '0.1'", "metrics.loss > 1", "tags.stage = '2' AND attributes.run_name = 'renamed'"]:
    ask(f"runs {filter_string}", lambda: [r.info.run_name for r in client.search_runs([experiment], filter_string)])  # noqa: B023
ask("runs refused", lambda: client.search_runs([experiment], "params.lr = '0.1' OR") and None, words=False)
ask("runs ordered", lambda: [r.info.run_name for r in client.search_runs([experiment], order_by=["metrics.loss DESC", "run_name"])])
ask("runs deleted", lambda: len(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)))

# Registry
ask("register", lambda: client.create_registered_model("tour", tags={"a": "1"}, description="words"))
ask("register again", lambda: client.create_registered_model("tour"))
ask("version", lambda: client.create_model_version("tour", f"runs:/{run_id}/all", run_id, tags={"b": "2"}, description="v1"))
ask("version of a model", lambda: client.create_model_version("tour", f"models:/{model_id}", model_id=model_id))
ask("version from elsewhere", lambda: client.create_model_version("tour", "/etc/passwd"))
client.update_registered_model("tour", "other words")
client.update_model_version("tour", "1", "other")
client.set_registered_model_tag("tour", "c", "3")
client.delete_registered_model_tag("tour", "a")
client.set_model_version_tag("tour", "1", "d", "4")
client.delete_model_version_tag("tour", "1", "b")
client.set_registered_model_alias("tour", "champion", "1")
client.set_registered_model_alias("tour", "loser", "2")
client.delete_registered_model_alias("tour", "loser")
ask("by alias", lambda: client.get_model_version_by_alias("tour", "champion"))
ask("by no alias", lambda: client.get_model_version_by_alias("tour", "loser"))
ask("reserved alias", lambda: client.set_registered_model_alias("tour", "latest", "1"))
ask("staged", lambda: client.transition_model_version_stage("tour", "1", "Production", archive_existing_versions=True))
ask("staged next", lambda: client.transition_model_version_stage("tour", "2", "Production", archive_existing_versions=True))
ask("stages", lambda: client.get_model_version_stages("tour", "1"))
ask("unknown stage", lambda: client.transition_model_version_stage("tour", "1", "Best") and None)
ask("latest", lambda: sorted((v.current_stage, v.version) for v in client.get_latest_versions("tour")))
ask("latest in stage", lambda: [v.version for v in client.get_latest_versions("tour", ["Production"])])
ask("address", lambda: client.get_model_version_download_uri("tour", "2"))
ask("copied", lambda: client.copy_model_version("models:/tour@champion", "tour copy"))
ask("registered", lambda: client.get_registered_model("tour").tags)
ask("a version", lambda: client.get_model_version("tour", "1"))
ask("no version", lambda: client.get_model_version("tour", "9"))
ask("registered models", lambda: [m.name for m in client.search_registered_models("name LIKE 'tour%'", order_by=["name DESC"])])
ask("versions", lambda: [(v.name, v.version) for v in client.search_model_versions("name LIKE 'tour%'", order_by=["name", "version_number"])])
ask("versions of the run", lambda: len(client.search_model_versions(f"run_id = '{run_id}'")))
ask("renamed", lambda: client.rename_registered_model("tour copy", "tour renamed"))
client.delete_model_version("tour", "2")
ask("version deleted", lambda: client.get_model_version("tour", "2"))
client.delete_registered_model("tour renamed")
ask("registered deleted", lambda: client.get_registered_model("tour renamed"))

client.delete_experiment(experiment)
ask("experiment deleted", lambda: client.get_experiment(experiment).lifecycle_stage)
ask("run in deleted", lambda: client.create_run(experiment))
client.restore_experiment(experiment)
ask("experiment restored", lambda: client.get_experiment(experiment).lifecycle_stage)

teller.print()
public = {name for name in dir(MlflowClient) if not name.startswith("_") and callable(getattr(MlflowClient, name))}
print("UNCALLED " + json.dumps(sorted(public - called)))
