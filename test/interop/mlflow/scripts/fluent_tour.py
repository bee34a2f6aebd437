"""The fluent API as scripts use it: runs, nested runs, values, artifacts, models, autologging, search, registry."""

import logging
import os
import sys
import warnings

warnings.filterwarnings("ignore")
logging.getLogger("mlflow").setLevel(logging.ERROR)
os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"
os.environ["MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING"] = "false"

import matplotlib

matplotlib.use("agg")

import mlflow
import numpy
import pandas
from matplotlib import pyplot
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from telling import Teller

teller = Teller()
ask, label = teller.ask, teller.label
REQUIREMENTS = ["scikit-learn"]

experiment = mlflow.set_experiment("fluent größe")
label(experiment.experiment_id, "experiment")
mlflow.set_experiment_tags({"a": "1", "b": "ü"})

with mlflow.start_run(run_name="outer", description="about *this*", tags={"kind": "outer"}) as outer:
    label(outer.info.run_id, "outer")
    mlflow.log_params({"lr": 0.1, "deep/key": "x", "größe": "中文"})
    mlflow.log_param("lr", 0.1)
    ask("param changed", lambda: mlflow.log_param("lr", 0.2) and None)
    for step in range(5):
        mlflow.log_metrics({"loss": 1 / (step + 1), "val/acc": step / 5}, step=step)
    mlflow.log_metric("nan", float("nan"))
    mlflow.log_metric("loss", 9.0, step=2)
    mlflow.set_tags({"team": "red", "gone": "1"})
    mlflow.delete_tag("gone")
    mlflow.log_text("hello ü", "notes/hello.txt")
    mlflow.log_dict({"b": [1, {"c": None}]}, "config.json")
    mlflow.log_table({"question": ["a", "b"], "answer": [1, 2]}, "table.json")
    mlflow.log_table({"question": ["c"], "answer": [3]}, "table.json")
    figure, axes = pyplot.subplots()
    axes.plot([1, 2, 3])
    mlflow.log_figure(figure, "figures/line.png")
    mlflow.log_image(numpy.zeros((8, 8, 3), dtype=numpy.uint8), "images/black.png")
    for step in range(2):
        mlflow.log_image(numpy.full((8, 8), step * 100, dtype=numpy.uint8), key="samples", step=step)
    frame = pandas.DataFrame({"x": [1.0, 2.0, 3.0], "y": [0, 1, 0]})
    mlflow.log_input(mlflow.data.from_pandas(frame, source="s3://bucket/x.csv", name="frame", targets="y"), context="training")
    for fold in range(3):
        with mlflow.start_run(run_name=f"fold {fold}", nested=True) as inner:
            label(inner.info.run_id, f"fold {fold}")
            mlflow.log_metric("acc", fold / 3)
            ask(f"parent of fold {fold}", lambda: mlflow.get_parent_run(inner.info.run_id).info.run_id)  # noqa: B023

try:
    with mlflow.start_run(run_name="failing") as failing:
        label(failing.info.run_id, "failing")
        raise RuntimeError("on purpose")
except RuntimeError:
    pass
ask("status of failing", lambda: mlflow.get_run(failing.info.run_id).info.status)

with mlflow.start_run(run_id=outer.info.run_id):
    mlflow.log_metric("resumed", 1)


def shown(run_id):
    run = mlflow.get_run(run_id)
    # The path of this script and its commit are the machine's, the names of images hold their time.
    tags = {key: value for key, value in run.data.tags.items() if not key.startswith(("mlflow.source", "mlflow.logged"))}
    inputs = [(i.dataset.name, i.dataset.digest, i.dataset.source_type, [(t.key, t.value) for t in i.tags]) for i in run.inputs.dataset_inputs]
    return [run.info.run_name, run.info.status, run.data.params, run.data.metrics, tags, inputs]


ask("outer", lambda: shown(outer.info.run_id))
ask("text", lambda: mlflow.artifacts.load_text(f"{outer.info.artifact_uri}/notes/hello.txt"))
ask("dict", lambda: mlflow.artifacts.load_dict(f"runs:/{outer.info.run_id}/config.json"))
ask("image", lambda: mlflow.artifacts.load_image(f"{outer.info.artifact_uri}/images/black.png").size)
ask("table", lambda: mlflow.load_table("table.json", run_ids=[outer.info.run_id]).to_dict("list"))
ask("files", lambda: sorted(file.path for file in mlflow.artifacts.list_artifacts(run_id=outer.info.run_id)))
ask("images", lambda: len(mlflow.artifacts.list_artifacts(run_id=outer.info.run_id, artifact_path="images")))
ask("downloaded", lambda: open(mlflow.artifacts.download_artifacts(run_id=outer.info.run_id, artifact_path="notes/hello.txt")).read())
ask("download nothing", lambda: mlflow.artifacts.download_artifacts(run_id=outer.info.run_id, artifact_path="nothing") and None, words=False)

# Models
X, y = load_iris(return_X_y=True, as_frame=True)
with mlflow.start_run(run_name="model") as trained:
    label(trained.info.run_id, "trained")
    mlflow.log_param("C", 0.5)
    model = LogisticRegression(max_iter=200, C=0.5).fit(X, y)
    info = mlflow.sklearn.log_model(
        model, name="classifier", input_example=X.head(2), registered_model_name="fluent", pip_requirements=REQUIREMENTS
    )
    label(info.model_id, "logged model")
    mlflow.log_metric("acc", 0.9, model_id=info.model_id)
expected = model.predict(X).tolist()
ask("predictions by model", lambda: mlflow.sklearn.load_model(info.model_uri).predict(X).tolist() == expected)
ask("predictions by run", lambda: mlflow.pyfunc.load_model(f"runs:/{trained.info.run_id}/classifier").predict(X).tolist() == expected)
ask("predictions by version", lambda: mlflow.pyfunc.load_model("models:/fluent/1").predict(X).tolist() == expected)
client = mlflow.MlflowClient()
client.set_registered_model_alias("fluent", "champion", "1")
ask("predictions by alias", lambda: mlflow.pyfunc.load_model("models:/fluent@champion").predict(X).tolist() == expected)
ask("predictions by latest", lambda: mlflow.pyfunc.load_model("models:/fluent/latest").predict(X).tolist() == expected)
ask("no such version", lambda: mlflow.pyfunc.load_model("models:/fluent/9") and None)
ask("registered again", lambda: mlflow.register_model(f"runs:/{trained.info.run_id}/classifier", "fluent").version)
ask("registered from the model", lambda: mlflow.register_model(info.model_uri, "fluent", tags={"t": "1"}).version)
ask("versions", lambda: [(v.version, v.run_id) for v in mlflow.search_model_versions(filter_string="name = 'fluent'", order_by=["version_number"])])
ask("registered models", lambda: [m.name for m in mlflow.search_registered_models(filter_string="name = 'fluent'")])
ask("files of the model", lambda: sorted(os.listdir(mlflow.artifacts.download_artifacts(info.model_uri))))
ask("logged models", lambda: sorted(mlflow.search_logged_models([experiment.experiment_id])["name"]))
ask("the logged model", lambda: [mlflow.get_logged_model(info.model_id).params, [m.value for m in mlflow.get_logged_model(info.model_id).metrics]])
ask("outputs", lambda: [(o.model_id, o.step) for o in mlflow.get_run(trained.info.run_id).outputs.model_outputs])

# Autologging
mlflow.sklearn.autolog(log_models=False, silent=True)
with mlflow.start_run(run_name="auto") as auto:
    label(auto.info.run_id, "auto")
    LogisticRegression(max_iter=300, C=2.0, random_state=1).fit(X, y)
mlflow.sklearn.autolog(disable=True)
ask("autologged", lambda: shown(auto.info.run_id)[2:])
ask("files autologged", lambda: sorted(file.path for file in mlflow.artifacts.list_artifacts(run_id=auto.info.run_id)))

# Search
table = mlflow.search_runs(order_by=["attributes.run_name"])
ask("columns", lambda: sorted(column for column in table.columns if not column.startswith("tags.mlflow")))
ask("names", lambda: list(table["tags.mlflow.runName"]))
ask("found", lambda: [r.info.run_name for r in mlflow.search_runs(filter_string="metrics.acc > 0.3", order_by=["metrics.acc"], output_format="list")])
ask("found in all", lambda: len(mlflow.search_runs(search_all_experiments=True, filter_string="tags.kind = 'outer'")))
ask("refused", lambda: mlflow.search_runs(filter_string="metrics.acc > 'x'") and None, words=False)
mlflow.delete_run(failing.info.run_id)
ask("names after", lambda: len(mlflow.search_runs()))
mlflow.delete_experiment(experiment.experiment_id)
ask("set to deleted", lambda: mlflow.set_experiment("fluent größe") and None)
teller.print()
