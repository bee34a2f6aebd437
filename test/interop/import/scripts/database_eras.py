"""Makes a database of every schema that MLflow has had, with runs in each, by its own migrations one after the other.

    python database_eras.py FOLDER

Writes FOLDER/<number>-<revision>.db, the first without a revision, and prints as JSON what was put in with each: rows are written in plain SQL into
whatever tables and columns there are, so that nothing of today's client has a say in them.
"""

import hashlib
import json
import shutil
import sqlite3
import sys
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.script import ScriptDirectory
from mlflow.store.db.utils import _get_alembic_config
from mlflow.store.tracking.dbmodels.initial_models import Base

folder = Path(sys.argv[1])
work = folder / "work.db"
url = f"sqlite:///{work}"
config = _get_alembic_config(url)

STATUSES = ["FINISHED", "RUNNING", "FAILED", "SCHEDULED", "KILLED"]


class Filler:
    def __init__(self, connection, number, revision):
        self.connection = connection
        self.number = number
        self.revision = revision
        self.tables = {
            name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }

    def has(self, table, *columns):
        return table in self.tables and self.tables[table].issuperset(columns)

    def put(self, table, **values):
        known = {key: value for key, value in values.items() if key in self.tables[table]}
        names = ", ".join(known)
        marks = ", ".join("?" * len(known))
        self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(known.values()))

    def run(self):
        run = hashlib.md5(self.revision.encode()).hexdigest()
        start = 1_555_000_000_000 + self.number * 1_000_000
        named = self.number % 2 == 0
        killed_is_known = self.number > 8
        status = STATUSES[self.number % (5 if killed_is_known else 4)]
        deleted = self.number % 3 == 0
        self.put(
            "runs",
            run_uuid=run,
            name=f"of {self.revision}" if named else "",
            source_type="LOCAL" if self.number == 0 else "UNKNOWN",
            source_name="train.py" if self.number == 0 else "",
            entry_point_name="main" if self.number == 0 else "",
            source_version="c0ffee" if self.number == 0 else "",
            user_id="ann",
            status=status,
            start_time=start,
            end_time=None if status == "RUNNING" else start + 5_000,
            deleted_time=start + 9_000 if deleted else None,
            lifecycle_stage="deleted" if deleted else "active",
            artifact_uri=f"file:///home/ann/Year 4/mlruns/1/{run}/artifacts",
            experiment_id=1,
        )
        tags = {"mlflow.note.content": f"# {self.revision}\n\nñ 数", "empty": ""}
        if not named:
            tags["mlflow.runName"] = f"of {self.revision}"
        # At first a user stood in the row alone; the second migration makes tags of them.
        if self.number > 0:
            tags["mlflow.user"] = "ann"
        for key, value in tags.items():
            self.put("tags", key=key, value=value, run_uuid=run)
        params = {"lr": str(10.0**-self.number), "optimizer/name": "adam"}
        for key, value in params.items():
            self.put("params", key=key, value=value, run_uuid=run)
        seconds = self.number == 0
        points = []
        for at in range(3):
            points.append({"key": "loss", "value": 1.0 / (at + 1), "step": at, "time": start + at * 1000})
        if self.has("metrics", "is_nan"):
            points.append({"key": "loss", "value": "NaN", "step": 3, "time": start + 3000})
            # The migration that adds latest_metrics takes two points of one time and step for two latest ones, and fails.
            if self.has("latest_metrics"):
                points.append({"key": "loss", "value": 0.0, "step": 3, "time": start + 3000})
            points.append({"key": "worst", "value": 1.7976931348623157e308, "step": -7, "time": start})
        if not self.has("metrics", "step"):
            for at, point in enumerate(points):
                point["step"] = at
        for point in points:
            is_nan = point["value"] == "NaN"
            self.put(
                "metrics",
                key=point["key"],
                value=0 if is_nan else point["value"],
                is_nan=is_nan,
                step=point["step"],
                timestamp=point["time"] // 1000 if seconds else point["time"],
                run_uuid=run,
            )
        told = {
            "id": run,
            "name": f"of {self.revision}",
            "status": status,
            "deleted": deleted,
            "deletedAt": start + 9_000 if deleted and self.has("runs", "deleted_time") else None,
            "startedAt": start,
            "endedAt": None if status == "RUNNING" else start + 5_000,
            "params": params,
            "tags": tags | {"mlflow.user": "ann"},
            "points": points,
            "datasets": [],
            "models": [],
        }
        if self.number == 0:
            told["tags"] |= {
                "mlflow.source.type": "LOCAL",
                "mlflow.source.name": "train.py",
                "mlflow.source.git.commit": "c0ffee",
                "mlflow.project.entryPoint": "main",
            }
        if self.has("inputs"):
            self.dataset(run, told)
        if self.has("logged_models"):
            self.logged_model(run, told, start)
        return told

    def dataset(self, run, told):
        uuid = hashlib.md5(b"data" + self.revision.encode()).hexdigest()
        self.put(
            "datasets",
            dataset_uuid=uuid,
            experiment_id=1,
            name="taxi",
            digest=self.revision,
            dataset_source_type="local",
            dataset_source='{"uri": "data.csv"}',
            dataset_schema='{"columns": []}',
            dataset_profile=None,
        )
        use = f"use of {self.revision}"
        self.put(
            "inputs",
            input_uuid=use,
            source_type="DATASET",
            source_id=uuid,
            destination_type="RUN",
            destination_id=run,
        )
        self.put("input_tags", input_uuid=use, name="mlflow.data.context", value="training")
        told["datasets"].append({"name": "taxi", "digest": self.revision, "context": "training"})

    def logged_model(self, run, told, start):
        model = "m-" + hashlib.md5(b"model" + self.revision.encode()).hexdigest()
        self.put(
            "logged_models",
            model_id=model,
            experiment_id=1,
            name=f"net {self.revision}",
            artifact_location=f"file:///home/ann/mlruns/1/models/{model}/artifacts",
            creation_timestamp_ms=start,
            last_updated_timestamp_ms=start + 1,
            status=2,
            lifecycle_stage="active",
            model_type="torch",
            source_run_id=run,
        )
        self.put("logged_model_params", model_id=model, experiment_id=1, param_key="depth", param_value="3")
        self.put("logged_model_tags", model_id=model, experiment_id=1, tag_key="kind", tag_value="cnn")
        self.put(
            "logged_model_metrics",
            model_id=model,
            metric_name="acc",
            metric_timestamp_ms=start,
            metric_step=4,
            metric_value=0.5,
            experiment_id=1,
            run_id=run,
        )
        with_step = self.has("inputs", "step")
        for kind, step in [("INPUT", 0), ("OUTPUT", 7)]:
            self.put(
                "inputs",
                input_uuid=f"{kind} {model}",
                source_type=f"RUN_{kind}",
                source_id=run,
                destination_type=f"MODEL_{kind}",
                destination_id=model,
                step=step,
            )
            told["models"].append({"model": model, "direction": kind.lower(), "step": step if with_step else 0})

    def registered_model(self, run):
        if not self.has("registered_models"):
            return None
        name = f"net {self.revision}"
        self.put("registered_models", name=name, creation_time=1000, last_updated_time=2000, description="of ours")
        for version, stage in [(1, "Production"), (2, "Deleted_Internal"), (3, "None")]:
            self.put(
                "model_versions",
                name=name,
                version=version,
                creation_time=1000 + version,
                last_updated_time=1000 + version,
                description=None,
                user_id="ann",
                current_stage=stage,
                source=f"runs:/{run}/model",
                storage_location=f"/home/ann/mlruns/1/{run}/artifacts/model",
                run_id=run,
                run_link="",
                status="READY",
            )
        told = {"name": name, "versions": {1: "production", 3: "none"}, "tags": {}, "versionTags": {}, "aliases": {}}
        if self.has("registered_model_tags"):
            self.put("registered_model_tags", name=name, key="owner", value="ann")
            told["tags"] = {"owner": "ann"}
        if self.has("model_version_tags"):
            self.put("model_version_tags", name=name, version=3, key="checked", value="yes")
            told["versionTags"] = {"checked": "yes"}
        if self.has("registered_model_aliases"):
            self.put("registered_model_aliases", name=name, alias="champion", version=3)
            told["aliases"] = {"champion": 3}
        return told


def fill(number, revision):
    connection = sqlite3.connect(work)
    filler = Filler(connection, number, revision)
    if number == 0:
        for id, name, stage in [(0, "Default", "active"), (1, "study", "active"), (2, "gone", "deleted")]:
            filler.put("experiments", experiment_id=id, name=name, lifecycle_stage=stage, artifact_location=f"./mlruns/{id}")
    run = filler.run()
    model = filler.registered_model(run["id"])
    connection.commit()
    connection.close()
    target = folder / f"{number:02d}-{revision}.db"
    shutil.copyfile(work, target)
    return {"file": str(target), "revision": revision, "run": run, "registered": model}


engine = sqlalchemy.create_engine(url)
Base.metadata.create_all(engine)
engine.dispose()
told = [fill(0, "first")]
script = ScriptDirectory.from_config(config)
for number, step in enumerate(reversed(list(script.walk_revisions())), 1):
    command.upgrade(config, step.revision)
    told.append(fill(number, step.revision))
work.unlink()
print(json.dumps(told))
