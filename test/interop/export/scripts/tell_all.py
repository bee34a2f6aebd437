"""Tells as JSON all that MLflow's client finds behind an address: python tell_all.py URI

Values of metrics are told as Python writes them, so that NaN, infinities and -0.0 stay what they are; files by the hash of what was downloaded.
"""

import hashlib
import json
import math
import sys
import tempfile
from pathlib import Path

import mlflow
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient()


def everything(search):
    found, token = [], None
    while True:
        page = search(token)
        found += page
        token = page.token
        if not token:
            return found


def number(value):
    if math.isinf(value):
        value = math.copysign(sys.float_info.max, value)
    return repr(float(value))


def files(uri):
    with tempfile.TemporaryDirectory() as folder:
        try:
            root = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=folder))
        except (MlflowException, OSError):
            return {}
        return {
            str(path.relative_to(root)): hashlib.md5(path.read_bytes()).hexdigest()
            for path in sorted(root.rglob("*"))
            # The client leaves a note in the folder of a model that it loads from the disk.
            if path.is_file() and path.name != "registered_model_meta"
        }


def whole(number):
    """A number beyond 2^53 as a word: JavaScript's JSON would round it."""
    return number if number is None or abs(number) < 2**53 else str(number)


def told_run(run):
    info, data = run.info, run.data
    return {
        "experiment": info.experiment_id,
        "name": info.run_name,
        "user": info.user_id,
        "status": info.status,
        "start": whole(info.start_time),
        "end": whole(info.end_time),
        "stage": info.lifecycle_stage,
        "params": data.params,
        "tags": data.tags,
        "latest": {key: number(value) for key, value in data.metrics.items()},
        "points": {
            key: sorted([whole(m.step), whole(m.timestamp), number(m.value)] for m in client.get_metric_history(info.run_id, key))
            for key in data.metrics
        },
        "datasets": sorted(
            [
                {**dict(one.dataset), "tags": sorted((tag.key, tag.value) for tag in one.tags)}
                for one in run.inputs.dataset_inputs
            ],
            key=json.dumps,
        ),
        "read": sorted(one.model_id for one in run.inputs.model_inputs or []),
        "made": sorted((one.model_id, whole(one.step)) for one in run.outputs.model_outputs or []) if run.outputs else [],
        "files": files(info.artifact_uri),
    }


def told_model(model):
    return {
        "experiment": model.experiment_id,
        "name": model.name,
        "type": model.model_type,
        "status": str(model.status),
        "run": model.source_run_id,
        "created": model.creation_timestamp,
        "params": model.params,
        "tags": model.tags,
        "metrics": sorted(
            [m.key, whole(m.step), whole(m.timestamp), number(m.value), m.run_id, m.dataset_name, m.dataset_digest]
            for m in model.metrics or []
        ),
        "files": files(model.artifact_location),
    }


def told_version(version):
    version = client.get_model_version(version.name, version.version)
    return {
        "stage": version.current_stage,
        "description": version.description or "",
        "run": version.run_id,
        "created": version.creation_timestamp,
        "updated": version.last_updated_timestamp,
        "tags": version.tags,
        "aliases": sorted(version.aliases),
        "files": files(f"models:/{version.name}/{version.version}"),
    }


experiments = everything(lambda token: client.search_experiments(ViewType.ACTIVE_ONLY, page_token=token))
ids = [experiment.experiment_id for experiment in experiments]
runs = everything(lambda token: client.search_runs(ids, run_view_type=ViewType.ALL, page_token=token))
models = everything(lambda token: client.search_logged_models(ids, page_token=token))
registered = everything(lambda token: client.search_registered_models(page_token=token))
versions = everything(lambda token: client.search_model_versions(page_token=token))
told = {
    "experiments": {
        one.experiment_id: [one.name, one.lifecycle_stage, one.creation_time, one.last_update_time, one.tags]
        for one in experiments
    },
    "runs": {run.info.run_id: told_run(client.get_run(run.info.run_id)) for run in runs},
    "models": {model.model_id: told_model(client.get_logged_model(model.model_id)) for model in models},
    "registered": {
        one.name: [one.description or "", one.creation_timestamp, one.last_updated_timestamp, one.tags, {alias: str(version) for alias, version in one.aliases.items()}]
        for one in registered
    },
    "versions": {f"{one.name}/{one.version}": told_version(one) for one in versions},
    "predicted": {
        f"{one.name}@{alias}": [float(value) for value in mlflow.pyfunc.load_model(f"models:/{one.name}@{alias}").predict([1.0, 2.5])]
        for one in registered
        for alias in one.aliases
    },
}
json.dump(told, sys.stdout, sort_keys=True)
