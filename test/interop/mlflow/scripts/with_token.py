"""A client on another machine: refused without the token, and with it served in everything, files both ways included."""

import json
import os
import sys

os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"
url, token = sys.argv[1], sys.argv[2]
os.environ["MLFLOW_TRACKING_URI"] = url

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from requests import HTTPError

answers = {}


def code(work):
    try:
        work()
        return "served"
    except MlflowException as error:
        return [error.error_code, "MLFLOW_TRACKING_TOKEN" in str(error)]
    except HTTPError as error:
        return [error.response.status_code, "MLFLOW_TRACKING_TOKEN" in str(error)]


def experiments():
    MlflowClient().search_experiments()


os.environ.pop("MLFLOW_TRACKING_TOKEN", None)
answers["without a token"] = code(experiments)
os.environ["MLFLOW_TRACKING_TOKEN"] = "0" * 64
answers["with a wrong one"] = code(experiments)
answers["a file with a wrong one"] = code(lambda: mlflow.artifacts.load_text("mlflow-artifacts:/0/models/none"))
os.environ["MLFLOW_TRACKING_TOKEN"] = token
answers["with the right one"] = code(experiments)
os.environ.pop("MLFLOW_TRACKING_TOKEN")
os.environ["MLFLOW_TRACKING_USERNAME"] = "anyone"
os.environ["MLFLOW_TRACKING_PASSWORD"] = token
answers["as a password"] = code(experiments)
del os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"]
os.environ["MLFLOW_TRACKING_TOKEN"] = token

mlflow.set_experiment("from elsewhere")
with mlflow.start_run() as run:
    mlflow.log_param("lr", 0.1)
    mlflow.log_metrics({"loss": 0.5, "accuracy": 0.75}, step=3)
    mlflow.log_text("hello", "notes/hello.txt")
    with open("large.bin", "wb") as file:
        file.write(bytes(range(256)) * 20_000)
    mlflow.log_artifact("large.bin", "notes")
client = MlflowClient()
found = client.search_runs([run.info.experiment_id], filter_string="metrics.loss < 1 and params.lr = '0.1'")
answers["found"] = [one.info.run_id == run.info.run_id for one in found]
answers["listed"] = [[file.path, file.file_size] for file in client.list_artifacts(run.info.run_id, "notes")]
answers["text"] = mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes/hello.txt")
folder = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="notes", dst_path="down")
with open(os.path.join(folder, "large.bin"), "rb") as file:
    answers["download"] = file.read() == bytes(range(256)) * 20_000
client.create_registered_model("far")
version = client.create_model_version("far", f"runs:/{run.info.run_id}/notes", run.info.run_id)
client.set_registered_model_alias("far", "champion", version.version)
folder = mlflow.artifacts.download_artifacts("models:/far@champion", dst_path="version")
answers["version"] = sorted(name for name in os.listdir(folder) if name != "registered_model_meta")
print("ANSWERS " + json.dumps(answers))
