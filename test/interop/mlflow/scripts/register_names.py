"""Logs a model and registers it under each name that is given, the first with an alias: python register_names.py URI NAME... Prints what it predicts."""

import json
import sys

import mlflow
import numpy as np
from sklearn.linear_model import LinearRegression

uri, *names = sys.argv[1:]
mlflow.set_tracking_uri(uri)
features = np.arange(8.0).reshape(4, 2)
with mlflow.start_run():
    model = LinearRegression().fit(features, [1.0, 3.0, 2.0, 5.0])
    logged = mlflow.sklearn.log_model(model, name="model")
for name in names:
    mlflow.register_model(logged.model_uri, name)
mlflow.MlflowClient().set_registered_model_alias(names[0], "champion", "1")
print(json.dumps(model.predict(features).tolist()))
