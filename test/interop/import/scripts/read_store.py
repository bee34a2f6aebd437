"""Prints as JSON what the real MLflow reads from a database, a file store or a server: python read_store.py PLACE [--upgrade]

With --upgrade the file, a copy, is first brought to today's schema.
"""

import json
import math
import os
import sys

import mlflow
from mlflow.entities import LifecycleStage, ViewType
from mlflow.store.db.utils import _upgrade_db
from mlflow.store.model_registry.file_store import FileStore as FileRegistry
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as Registry
from mlflow.store.tracking.file_store import FileStore as FileTracking
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as Tracking
from sqlalchemy import create_engine

place = sys.argv[1]
uri = place if os.path.isdir(place) or place.startswith("http") else f"sqlite:///{place}"
if "--upgrade" in sys.argv:
    engine = create_engine(uri)
    _upgrade_db(engine)
    engine.dispose()
mlflow.set_tracking_uri(uri)
if place.startswith("http"):
    tracking = mlflow.MlflowClient()._tracking_client.store
    registry = mlflow.MlflowClient()._get_registry_client().store
else:
    tracking = FileTracking(place) if os.path.isdir(place) else Tracking(uri, "./mlruns")
    registry = FileRegistry(place) if os.path.isdir(place) else Registry(uri)


def number(value):
    return "NaN" if math.isnan(value) else str(value).replace("inf", "Infinity") if math.isinf(value) else value


def pairs(tags):
    items = tags.items() if isinstance(tags, dict) else [(tag.key, tag.value) for tag in tags]
    return dict(sorted(items))


def files(run):
    client = mlflow.MlflowClient()
    found = []
    folders = [None]
    while folders:
        for entry in client.list_artifacts(run, folders.pop()):
            if entry.is_dir:
                folders.append(entry.path)
            else:
                found.append(entry.path)
    return sorted(found)


def whole(number):
    """A number beyond 2^53 as a word: JavaScript's JSON would round it."""
    return number if number is None or abs(number) < 2**53 else str(number)


def run(entity):
    info, data = entity.info, entity.data
    return {
        "name": info.run_name or None,
        "experiment": info.experiment_id,
        "status": info.status,
        "deleted": info.lifecycle_stage == LifecycleStage.DELETED,
        "startedAt": whole(info.start_time),
        "endedAt": whole(info.end_time),
        "user": info.user_id or None,
        "params": pairs(data.params),
        "tags": pairs(data.tags),
        "points": {
            key: [[whole(m.step), whole(m.timestamp), number(m.value)] for m in mlflow.MlflowClient().get_metric_history(info.run_id, key)]
            for key in sorted(data.metrics)
        },
        "datasets": sorted(
            [
                {
                    "name": use.dataset.name,
                    "digest": use.dataset.digest,
                    "sourceType": use.dataset.source_type,
                    "source": use.dataset.source,
                    "schema": use.dataset.schema,
                    "profile": use.dataset.profile,
                    "tags": pairs(use.tags),
                }
                for use in entity.inputs.dataset_inputs
            ],
            key=lambda one: (one["name"], one["digest"]),
        ),
        "models": sorted(
            [["input", one.model_id, 0] for one in entity.inputs.model_inputs]
            + [["output", one.model_id, whole(one.step)] for one in (entity.outputs.model_outputs if entity.outputs else [])]
        ),
        "files": files(info.run_id) if "--files" in sys.argv else None,
    }


def logged(model):
    return {
        "name": model.name,
        "experiment": model.experiment_id,
        "type": model.model_type,
        "status": model.status.value.lower(),
        "run": model.source_run_id,
        "createdAt": model.creation_timestamp,
        "updatedAt": model.last_updated_timestamp,
        "params": pairs(model.params or {}),
        "tags": pairs(model.tags or {}),
        "metrics": sorted(
            [m.key, whole(m.timestamp), whole(m.step), number(m.value), m.run_id, m.dataset_name, m.dataset_digest]
            for m in model.metrics or []
        ),
    }


def version(one):
    return {
        "description": one.description,
        "stage": one.current_stage.lower(),
        "source": one.source,
        "download": registry.get_model_version_download_uri(one.name, one.version),
        "run": one.run_id or None,
        "createdAt": one.creation_timestamp,
        "updatedAt": one.last_updated_timestamp,
        "tags": pairs(one.tags),
    }


experiments = tracking.search_experiments(view_type=ViewType.ALL, max_results=1000)
ids = [experiment.experiment_id for experiment in experiments]
runs = tracking.search_runs(ids, "", ViewType.ALL, 50_000)
models = tracking.search_logged_models(ids, max_results=1000) if ids else []
# Prompts are registered models too, and are only found when asked for.
prompts = "tags.`mlflow.prompt.is_prompt` = 'true'"
registered = [
    *registry.search_registered_models(max_results=1000),
    *registry.search_registered_models(filter_string=prompts, max_results=1000),
]
versions = [
    *registry.search_model_versions(max_results=10_000),
    *registry.search_model_versions(filter_string=prompts, max_results=10_000),
]
print(
    json.dumps(
        {
            "experiments": {
                one.experiment_id: {
                    "name": one.name,
                    "deleted": one.lifecycle_stage == LifecycleStage.DELETED,
                    "location": one.artifact_location,
                    "createdAt": one.creation_time,
                    "tags": pairs(one.tags),
                }
                for one in experiments
            },
            "runs": {one.info.run_id: run(tracking.get_run(one.info.run_id)) for one in runs},
            "logged": {one.model_id: logged(one) for one in models},
            "registered": {
                one.name: {
                    "description": one.description or "",
                    "createdAt": one.creation_timestamp,
                    "updatedAt": one.last_updated_timestamp,
                    "tags": pairs(one.tags),
                    "aliases": dict(sorted(one.aliases.items())),
                    "versions": {str(v.version): version(v) for v in versions if v.name == one.name},
                }
                for one in registered
            },
        }
    )
)
