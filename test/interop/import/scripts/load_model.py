"""Loads a registered model by its alias and as its run's: python load_model.py URI RUN. Prints what it predicts."""

import json
import sys

import mlflow
import numpy as np

mlflow.set_tracking_uri(sys.argv[1])
features = np.arange(8.0).reshape(4, 2)
client = mlflow.MlflowClient()
version = client.get_model_version_by_alias("price", "champion")
print(
    json.dumps(
        {
            "predicted": mlflow.pyfunc.load_model("models:/price@champion").predict(features).tolist(),
            "ofVersion": mlflow.pyfunc.load_model("models:/price/1").predict(features).tolist(),
            "run": version.run_id,
            "tags": version.tags,
            "rmse": client.get_run(sys.argv[2]).data.metrics["rmse"],
        }
    )
)
