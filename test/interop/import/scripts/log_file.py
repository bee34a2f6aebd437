"""Logs a run with one file to a server."""

import sys

import mlflow

mlflow.set_tracking_uri(sys.argv[1])
with mlflow.start_run():
    mlflow.log_text("hello", "notes/hello.txt")
