"""The functions of the fluent API."""

import json
import types

import mlflow

functions = [name for name in mlflow.__all__ if isinstance(getattr(mlflow, name), types.FunctionType)]
print("PUBLIC " + json.dumps(sorted(functions)))
