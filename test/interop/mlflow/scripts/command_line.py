"""The commands of `mlflow`, a project that is run, and the evaluation of models."""

import logging
import os
import re
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ["MLFLOW_TRACKING_URI"] = uri = sys.argv[1]
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"

import mlflow
import pandas
from click.testing import CliRunner
from mlflow.cli import cli
from mlflow.models import MetricThreshold
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from telling import Teller, files_below

logging.getLogger("mlflow").setLevel(logging.CRITICAL)
teller = Teller()
ask, label = teller.ask, teller.label
label(uri, "address")
work = tempfile.mkdtemp()
os.chdir(work)


def shell(*arguments):
    """How a command ended and what it wrote, without times."""
    ended = CliRunner().invoke(cli, list(arguments))
    written = re.sub(r"\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( \w+)?|\b1[6-9]\d{11}\b", "<time>", ended.output).replace(work, "<folder>")
    return [ended.exit_code, written, "" if isinstance(ended.exception, (SystemExit, type(None))) else str(ended.exception)]


shell("experiments", "create", "-n", "commands")
experiment = label(mlflow.get_experiment_by_name("commands").experiment_id, "experiment")
ask("created again", lambda: shell("experiments", "create", "-n", "commands")[0])
ask("searched", lambda: "commands" in shell("experiments", "search", "--view", "all")[1])
ask("shown", lambda: [shell("experiments", "get", "-x", experiment)[0], shell("experiments", "get", "-n", "commands", "--output", "json")[0]])
ask("unknown", lambda: shell("experiments", "get", "-x", "987654"))
ask("renamed", lambda: [shell("experiments", "rename", "-x", experiment, "--new-name", "commanded"), mlflow.get_experiment(experiment).name])
with mlflow.start_run(experiment_id=experiment, run_name="a") as started:
    run = label(started.info.run_id, "run")
    mlflow.log_params({"p": 1})
    mlflow.log_metric("m", 0.5)
    mlflow.log_text("hi", "folder/x.txt")
ask("runs", lambda: shell("runs", "list", "--experiment-id", experiment))
ask("run described", lambda: [shell("runs", "describe", "--run-id", run)[0], shell("runs", "describe", "--run-id", "0" * 32)])
ask("run deleted", lambda: shell("runs", "delete", "--run-id", run))
ask("runs deleted", lambda: shell("runs", "list", "--experiment-id", experiment, "--view", "deleted_only"))
ask("run restored", lambda: shell("runs", "restore", "--run-id", run))
ask("run created", lambda: shell("runs", "create", "--experiment-id", experiment, "--run-name", "made", "--tags", "a=b")[0])
os.makedirs("logged/below")
for path in ("file.txt", "logged/below/file.txt"):
    with open(path, "w") as file:
        file.write(path)
ask("file logged", lambda: shell("artifacts", "log-artifact", "--local-file", "file.txt", "--run-id", run, "-a", "place")[0])
ask("folder logged", lambda: shell("artifacts", "log-artifacts", "--local-dir", "logged", "--run-id", run)[0])
ask("artifacts", lambda: shell("artifacts", "list", "--run-id", run))
ask("artifacts of a folder", lambda: shell("artifacts", "list", "--run-id", run, "-a", "below"))
ask("artifact downloaded", lambda: shell("artifacts", "download", "--run-id", run, "-a", "folder")[0])
ask("artifact downloaded by address", lambda: [shell("artifacts", "download", "--artifact-uri", f"runs:/{run}", "-d", "out")[0], files_below("out")])
ask("nothing downloaded", lambda: shell("artifacts", "download", "--run-id", run, "-a", "nothing")[0])
ask("table", lambda: [shell("experiments", "csv", "-x", experiment, "-o", "runs.csv")[0], sorted(pandas.read_csv("runs.csv").columns), len(pandas.read_csv("runs.csv"))])
ask("experiment deleted", lambda: shell("experiments", "delete", "-x", experiment))
ask("experiment restored", lambda: shell("experiments", "restore", "-x", experiment))
ask("rubbish collected", lambda: shell("gc", "--run-ids", run, "--tracking-uri", uri))
ask("doctor", lambda: [mlflow.doctor(), shell("doctor")[0]])

os.makedirs("project")
with open("project/MLproject", "w") as file:
    file.write(f'name: p\nentry_points:\n  main:\n    parameters:\n      alpha: {{type: float, default: 0.5}}\n    command: "{sys.executable} train.py {{alpha}}"\n')
with open("project/train.py", "w") as file:
    file.write("import sys, mlflow\nwith mlflow.start_run():\n  mlflow.log_metric('alpha', float(sys.argv[1]))\n")


def project():
    submitted = mlflow.run("project", parameters={"alpha": 0.25}, env_manager="local", experiment_id=experiment, run_name="project")
    made = mlflow.get_run(label(submitted.run_id, "project run"))
    return [submitted.get_status(), made.info.status, made.info.run_name, made.data.params, made.data.metrics, sorted(made.data.tags)]


ask("project", project)
mlflow.set_experiment(experiment_id=experiment)
X, y = load_iris(return_X_y=True, as_frame=True)


def evaluated():
    with mlflow.start_run(run_name="evaluated") as measuring:
        label(measuring.info.run_id, "evaluated")
        info = mlflow.sklearn.log_model(LogisticRegression(max_iter=200).fit(X, y), name="classifier", pip_requirements=["scikit-learn"])
        label(info.model_id, "model")
        result = mlflow.models.evaluate(
            info.model_uri, X.assign(target=y), targets="target", model_type="classifier", evaluators=["default"], evaluator_config={"default": {"log_explainer": False}}
        )
        mlflow.validate_evaluation_results({"accuracy_score": MetricThreshold(threshold=0.5, greater_is_better=True)}, result)
    run = mlflow.get_run(measuring.info.run_id)
    return [
        *[result.metrics, sorted(result.artifacts), run.data.metrics, [entry.dataset.name for entry in run.inputs.dataset_inputs]],
        *[sorted(file.path for file in mlflow.artifacts.list_artifacts(run_id=run.info.run_id))],
        sorted([metric.key, metric.value, metric.dataset_name] for metric in mlflow.get_logged_model(info.model_id).metrics),
    ]


def evaluated_numbers():
    with mlflow.start_run(run_name="numbers") as measuring:
        label(measuring.info.run_id, "numbers")
        frame = pandas.DataFrame({"p": [1.0, 2.0, 3.0], "t": [1.0, 2.0, 2.5]})
        mlflow.evaluate(data=frame, targets="t", predictions="p", model_type="regressor")
    return mlflow.get_run(measuring.info.run_id).data.metrics


ask("evaluated", evaluated)
ask("numbers evaluated", evaluated_numbers)
teller.print()
