"""What the fluent API does with logged models and the registry: every address of a model, every filter and order, and what is refused."""

import logging
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"

import mlflow
import pandas
from mlflow.entities import LoggedModelInput, LoggedModelOutput, LoggedModelStatus
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from telling import Teller, files_below

logging.getLogger("mlflow").setLevel(logging.CRITICAL)
teller = Teller()
ask, label = teller.ask, teller.label
client = mlflow.MlflowClient()
label(mlflow.set_experiment("models").experiment_id, "models")

# Logged models without a flavour
model = label(mlflow.initialize_logged_model(name="begun", params={"a": "1"}, tags={"t": "1"}, model_type="agent").model_id, "begun")
found = lambda: mlflow.get_logged_model(model)  # noqa: E731
ask("begun", lambda: found().status)
mlflow.log_model_params({"b": 2}, model_id=model)
mlflow.set_logged_model_tags(model, {"u": "2", "gone": "1"})
mlflow.delete_logged_model_tag(model, "gone")
ask("untagged again", lambda: mlflow.delete_logged_model_tag(model, "gone"))
ask("finished", lambda: mlflow.finalize_logged_model(model, LoggedModelStatus.READY).status)
ask("begun and finished", lambda: found().to_dictionary())
ask("150 parameters", lambda: mlflow.log_model_params({f"p{number}": "x" for number in range(150)}, model_id=model))
ask("how many", lambda: len(found().params))
ask("a long parameter", lambda: mlflow.log_model_params({"long": "ü" * 7000}, model_id=model))
ask("a long tag", lambda: mlflow.set_logged_model_tags(model, {"long": "ü" * 9000}))
ask("how long", lambda: [len(found().params.get("long", "")), len(found().tags.get("long", ""))])
for key in ("a*b", "k" * 251, "../x", "ü/ä b"):
    ask(f"parameter {key[:9]!r}", lambda: mlflow.log_model_params({key: "1"}, model_id=model), words=False)  # noqa: B023
    ask(f"tag {key[:9]!r}", lambda: mlflow.set_logged_model_tags(model, {key: "1"}), words=False)  # noqa: B023
outside = label(mlflow.create_external_model(name="outside", params={"a": "1"}, tags={"t": "2"}, model_type="agent").model_id, "outside")
ask("outside", lambda: mlflow.get_logged_model(outside).to_dictionary())
ask("last logged", lambda: mlflow.last_logged_model().model_id)
mlflow.set_active_model(model_id=model)
ask("active", lambda: mlflow.get_active_model_id())
frame = pandas.DataFrame({"x": [1.0, 2.0]})
with mlflow.start_run(run_name="measuring") as measuring:
    label(measuring.info.run_id, "measuring")
    mlflow.log_metric("acc", 0.5, step=1, model_id=model, dataset=mlflow.data.from_pandas(frame, name="set"))
    mlflow.log_metrics({"loss": 1.5, "f1": 0.25}, step=2, model_id=model)
    mlflow.log_metric("of the active one", 2)
    mlflow.log_outputs([LoggedModelOutput(model, 0), LoggedModelOutput(outside, 3)])
    mlflow.log_input(model=LoggedModelInput(model))
mlflow.clear_active_model()
ask("measured", lambda: sorted((m.key, m.value, m.step, m.dataset_name or "", m.run_id) for m in found().metrics))
ask("measured by", lambda: mlflow.get_run(measuring.info.run_id))
mlflow.set_active_model(name="by name")
ask("active by name", lambda: mlflow.get_logged_model(mlflow.get_active_model_id()).name)
mlflow.clear_active_model()

searched = lambda **given: [m.name for m in mlflow.search_logged_models(output_format="list", **given)]  # noqa: E731
by_name = [{"field_name": "name"}]
for filter_string in [
    *["name LIKE 'o%'", "tags.t = '1'", "params.a = '1' AND metrics.acc > 0.2", "model_type = 'agent'", "name NOT IN ('outside')"],
    *["metrics.acc >= 0.6", "params.a != '1'", "tags.`t` IN ('1','2')", "attributes.name ILIKE 'OUTSIDE'", "source_run_id != 'x'"],
    *["status = 2", "status != 1", "status = 3", "model_id LIKE 'm-%'", "lifecycle_stage = 'active'", "artifact_location LIKE '%/artifacts'"],
    *["creation_time > 0", "creation_timestamp_ms > 0", "last_updated_timestamp >= 1", "experiment_id = 'x'", "name", "unknown = '1'", "traces.x = '1'"],
]:
    ask(f"models {filter_string}", lambda: searched(filter_string=filter_string, order_by=by_name), words=False)  # noqa: B023
for field in ["name", "metrics.acc", "status", "model_type", "lifecycle_stage", "params.a", "unknown"]:
    for ascending in (True, False):
        ask(f"models by {field}, {ascending}", lambda: searched(order_by=[{"field_name": field, "ascending": ascending}, *by_name]), words=False)  # noqa: B023
ask("models by a metric on a dataset", lambda: searched(order_by=[{"field_name": "metrics.acc", "dataset_name": "set"}, *by_name]))
ask("models on another dataset", lambda: searched(datasets=[{"dataset_name": "set", "dataset_digest": "other"}]))
ask("two models", lambda: searched(max_results=2, order_by=by_name))
ask("table of models", lambda: sorted(mlflow.search_logged_models(order_by=by_name).columns))

# Models of a flavour, and all their addresses
X, y = load_iris(return_X_y=True, as_frame=True)
trained = LogisticRegression(max_iter=200).fit(X, y)


class Doubling(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input * 2


with mlflow.start_run(run_name="training") as training:
    label(training.info.run_id, "training")
    mlflow.log_param("C", 1)
    info = mlflow.sklearn.log_model(trained, name="classifier", registered_model_name="reg", pip_requirements=["scikit-learn"], input_example=X.head(2), params={"a": 1}, tags={"t": "1"})
    label(info.model_id, "classifier")
    label(mlflow.pyfunc.log_model(name="doubling", python_model=Doubling(), pip_requirements=[], registered_model_name="reg").model_id, "doubling")
    label(mlflow.sklearn.log_model(trained, artifact_path="oldway", pip_requirements=["scikit-learn"]).model_id, "old way")
client.set_registered_model_alias("reg", "champion", "1")
client.transition_model_version_stage("reg", "2", "Staging")
ask("addresses", lambda: [client.get_model_version_download_uri("reg", version) for version in "12"])
run = training.info.run_id
for name, uri in {
    **{"run": f"runs:/{run}/classifier", "old way": f"runs:/{run}/oldway", "nothing of the run": f"runs:/{run}/nothing"},
    **{"id": f"models:/{info.model_id}", "no id": "models:/m-" + "0" * 32, "download": client.get_model_version_download_uri("reg", "1")},
    **{"version": "models:/reg/1", "alias": "models:/reg@champion", "latest": "models:/reg/latest", "stage": "models:/reg/staging"},
    **{"no version": "models:/reg/77", "no alias": "models:/reg@nobody", "no stage": "models:/reg/Production", "no model": "models:/nothing/1", "no name": "models:/"},
}.items():
    words = name != "nothing of the run"
    ask(f"files of {name}", lambda: files_below(mlflow.artifacts.download_artifacts(uri)), words)  # noqa: B023
    ask(f"{name} loaded", lambda: type(mlflow.pyfunc.load_model(uri)).__name__, words)  # noqa: B023
    ask(f"{name} described", lambda: mlflow.models.get_model_info(uri).flavors["python_function"]["loader_module"], words)  # noqa: B023
    ask(f"{name} listed", lambda: sorted(file.path for file in mlflow.artifacts.list_artifacts(uri)), words)  # noqa: B023

# The registry
ask("copied", lambda: client.copy_model_version("models:/reg/1", "copy"))
ask("copied by alias", lambda: client.copy_model_version("models:/reg@champion", "copy").version)
ask("the copy loaded", lambda: type(mlflow.pyfunc.load_model("models:/copy/2")).__name__)
ask("nothing copied", lambda: client.copy_model_version("models:/nothing/1", "copy"))
ask("a run copied", lambda: client.copy_model_version(f"runs:/{run}/classifier", "copy"))
ask("registered in the old way", lambda: mlflow.register_model(f"runs:/{run}/oldway", "again").version)
ask("registered by id", lambda: mlflow.register_model(f"models:/{info.model_id}", "again", tags={"a": "1"}).version)
ask("nothing registered", lambda: mlflow.register_model(f"runs:/{run}/nothing", "again") and None)
ask("files registered", lambda: mlflow.register_model(training.info.artifact_uri + "/x", "again") and None)
ask("registered with a bad name", lambda: mlflow.register_model(f"models:/{info.model_id}", "a/b") and None)
mlflow.set_model_version_tag("again", "1", "k", "v")
ask("tagged", lambda: client.get_model_version("again", "1").tags)
client.set_model_version_tag("reg", key="s", value="1", stage="Staging")
client.delete_model_version_tag("reg", key="s", stage="Staging")
shown = lambda v: [v.name, v.version, v.run_id, v.source, v.model_id, v.params, v.metrics, v.aliases, v.status, v.tags]  # noqa: E731
ask("a version", lambda: shown(client.get_model_version("reg", "1")))
ask("versions", lambda: [shown(v) for v in mlflow.search_model_versions(order_by=["name", "version_number"]) if v.name in ("reg", "copy", "again")])
ask("models registered", lambda: [[m.name, m.aliases, [v.version for v in m.latest_versions]] for m in mlflow.search_registered_models() if m.name in ("reg", "copy", "again")])
ask("registered as", lambda: mlflow.get_logged_model(info.model_id).tags["mlflow.modelVersions"])
for stages in (None, ["None"], ["Staging", "none"], [], ["best"]):
    ask(f"latest of {stages}", lambda: sorted(v.version for v in client.get_latest_versions("reg", stages=stages)), words=False)  # noqa: B023
client.delete_model_version("reg", "2")
ask("renamed", lambda: client.rename_registered_model("reg", "renamed").name)
ask("alias of the renamed", lambda: client.get_model_version_by_alias("renamed", "champion").version)
ask("the renamed loaded", lambda: type(mlflow.pyfunc.load_model("models:/renamed@champion")).__name__)
ask("described", lambda: client.update_model_version("renamed", "1", "some *words*").description)
for name in ("renamed", "copy", "again"):
    client.delete_registered_model(name)
ask("alias of the deleted", lambda: client.get_model_version_by_alias("renamed", "champion"))
teller.print()
