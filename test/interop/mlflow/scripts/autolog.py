"""Autologging with the model, and the model loaded back; behind an address with a prefix, as launched scripts have it."""

import json
import logging
import os
import sys
import warnings

warnings.filterwarnings("ignore")
logging.getLogger("mlflow").setLevel(logging.ERROR)
os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]

import mlflow
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV

mlflow.set_experiment("autolog")
mlflow.sklearn.autolog(silent=True, max_tuning_runs=2)
X, y = load_iris(return_X_y=True, as_frame=True)
with mlflow.start_run() as run:
    search = GridSearchCV(RandomForestClassifier(n_estimators=3, random_state=0), {"max_depth": [1, 2, 3]}, cv=2).fit(X, y)
found = mlflow.get_run(run.info.run_id)
model = found.outputs.model_outputs[0].model_id
loaded = mlflow.sklearn.load_model(f"models:/{model}")
children = mlflow.search_runs(filter_string=f"tags.mlflow.parentRunId = '{run.info.run_id}'", output_format="list")
print(
    "ANSWERS "
    + json.dumps(
        {
            "cv": found.data.params["cv"],
            "best": found.data.params["best_max_depth"] == str(search.best_params_["max_depth"]),
            "metrics": sorted(found.data.metrics),
            "inputs": [entry.dataset.name for entry in found.inputs.dataset_inputs],
            "children": len(children),
            "same": (loaded.predict(X) == search.predict(X)).all().item(),
            "artifacts": sorted(file.path for file in mlflow.artifacts.list_artifacts(run_id=run.info.run_id)),
        }
    )
)
