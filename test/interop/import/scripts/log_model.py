"""Logs a model, registers it and gives it an alias: python log_model.py URI. Prints the run's id and what the model predicts."""

import json
import sys

import mlflow
import numpy as np
from sklearn.linear_model import LinearRegression

mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("models")
features = np.arange(8.0).reshape(4, 2)
with mlflow.start_run() as run:
    model = LinearRegression().fit(features, [1.0, 3.0, 2.0, 5.0])
    mlflow.log_metric("rmse", 0.5)
    mlflow.sklearn.log_model(model, name="model", registered_model_name="price")
client = mlflow.MlflowClient()
client.set_registered_model_alias("price", "champion", "1")
client.set_model_version_tag("price", "1", "reviewed", "yes")
print(json.dumps({"run": run.info.run_id, "predicted": model.predict(features).tolist()}))
