"""Logs some of everything with the real client: python make_everything.py [URI], in an empty folder.

Without a URI it goes into ./mlflow.db and ./mlruns.
"""

import math
import sys
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from mlflow.entities import LoggedModelInput, LoggedModelOutput, Metric
from mlflow.models import infer_signature

mlflow.set_tracking_uri(sys.argv[1] if len(sys.argv) > 1 else "sqlite:///mlflow.db")
client = mlflow.MlflowClient()


class Double(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input: list[float]) -> list[float]:
        return [2 * one for one in model_input]


study = client.create_experiment("study/ünïcode", tags={"mlflow.note.content": "# why", "owner": "ann"})
own_place = client.create_experiment("a place of its own", artifact_location=Path("blobs of mine").absolute().as_uri())
gone = client.create_experiment("gone")
client.create_run(gone)
client.delete_experiment(gone)

mlflow.set_experiment(experiment_id=study)
with mlflow.start_run(run_name="parent", description="many\nlines") as parent:
    mlflow.log_params({"lr": 0.1, "nested/key": "a b", "none": None, "long": "x" * 5000})
    mlflow.set_tags({"team": "a", "empty": "", "emoji": "🎲"})
    for step in range(50):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metric("odd/values", math.nan, step=1)
    mlflow.log_metric("odd/values", math.inf, step=2)
    mlflow.log_metric("odd/values", -math.inf, step=3)
    mlflow.log_metric("odd/values", 5e-324, step=-4)
    # Several values of a step, of one time, and steps that go back.
    client.log_batch(
        parent.info.run_id,
        metrics=[
            Metric("several", value, time, step)
            for value, time, step in [
                (3.0, 1000, 1),
                (1.0, 1000, 1),
                (math.nan, 1000, 1),
                (-1.0, 1000, 1),
                (2.0, 500, 2**53 - 1),
                (2.0, 2000, 0),
            ]
        ],
    )
    # Nanoseconds as steps and times: a double holds every 256th of them.
    now = 1_800_000_000_000_000_000
    client.log_batch(
        parent.info.run_id,
        metrics=[Metric("nano", at / 2, now + 3 * at, now + at) for at in [0, 2, 1, 3, 4]]
        + [Metric("nano", 1.0, 2**63 - 1, 2**63 - 1), Metric("nano", 2.0, now + 1, -(2**63))],
    )
    data = pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 4.0]})
    dataset = mlflow.data.from_pandas(data, source="data.csv", name="taxi", targets="y")
    mlflow.log_input(dataset, context="training", tags={"split": "a"})
    mlflow.log_input(mlflow.data.from_numpy(np.zeros((3, 2)), name="other"), context="validation")
    mlflow.log_text("hello", "notes/a b.txt")
    mlflow.log_dict({"a": 1}, "config.json")
    mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), key="sample", step=1)
    mlflow.log_table({"a": [1, 2]}, "table.json")
    logged = mlflow.pyfunc.log_model(
        name="double",
        python_model=Double(),
        params={"depth": "3"},
        tags={"kind": "toy"},
        registered_model_name="double",
    )
    mlflow.log_metric("acc", 0.5, step=3, model_id=logged.model_id, dataset=dataset)
    mlflow.log_metric("worst", math.inf, step=4, model_id=logged.model_id)
    mlflow.log_metric("nano", 0.25, step=now + 1, timestamp=now + 3, model_id=logged.model_id)
    with mlflow.start_run(nested=True, run_name="child") as child:
        client.log_inputs(child.info.run_id, models=[LoggedModelInput(logged.model_id)])
        made = mlflow.create_external_model(name="elsewhere", source_run_id=child.info.run_id)
        client.log_outputs(child.info.run_id, models=[LoggedModelOutput(made.model_id, step=17)])

nano = client.create_run(study, start_time=now + 1, run_name="nano").info.run_id
client.log_outputs(nano, models=[LoggedModelOutput(made.model_id, step=now + 5)])
client.set_terminated(nano, end_time=2**63 - 1)

doomed = client.create_run(study, run_name="deleted")
client.log_metric(doomed.info.run_id, "m", 1.0)
client.delete_run(doomed.info.run_id)
for status in ["FAILED", "KILLED", "SCHEDULED", "RUNNING"]:
    run = client.create_run(study, run_name=status.lower())
    client.update_run(run.info.run_id, status=status)
nameless = client.create_run(study)
client.delete_tag(nameless.info.run_id, "mlflow.runName")
with mlflow.start_run(experiment_id=own_place):
    mlflow.log_text("there", "there.txt")

name = "double"
client.create_model_version(name, f"runs:/{parent.info.run_id}/notes", parent.info.run_id, description="second")
client.create_model_version(name, f"runs:/{parent.info.run_id}/notes", parent.info.run_id)
client.delete_model_version(name, "2")
client.transition_model_version_stage(name, "3", "Staging")
client.update_registered_model(name, description="doubles")
client.set_registered_model_tag(name, "owner", "ann")
client.set_model_version_tag(name, "1", "checked", "yes")
client.set_registered_model_alias(name, "champion", "1")
client.create_registered_model("without versions")
mlflow.genai.register_prompt("greet", "Hello {{name}}", commit_message="first", tags={"a": "b"})
mlflow.genai.register_prompt("greet", "Good day {{name}}")
with mlflow.start_span("traced"):
    pass
mlflow.flush_trace_async_logging()
