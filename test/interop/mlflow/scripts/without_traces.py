"""Traces, feedback, prompts and the rest of what a server without them refuses: runs and autologging go on, and nothing is tried again."""

import json
import logging
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["MLFLOW_TRACKING_URI"] = uri = sys.argv[1]

import requests

answers = {}
statuses = []
send = requests.Session.send


def noted(self, request, **given):
    response = send(self, request, **given)
    statuses.append(response.status_code)
    return response


requests.Session.send = noted

import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

logging.disable(logging.CRITICAL)
mlflow.set_experiment("without traces")
mlflow.autolog(silent=True)
client = mlflow.MlflowClient()


def refusal(question):
    """The code of the error that a question ends with."""
    try:
        question()
    except mlflow.MlflowException as error:
        return error.error_code
    return "none"


@mlflow.trace
def outer(x):
    return inner(x) + 1


@mlflow.trace(span_type="LLM", attributes={"k": "v"})
def inner(x):
    mlflow.update_current_trace(tags={"a": "b"})
    return x * 2


with mlflow.start_run() as run:
    answers["traced"] = outer(20)
    with mlflow.start_span("by hand") as span:
        span.set_inputs({"x": 1})
        span.set_outputs(2)
        try:
            with mlflow.start_span("failing"):
                raise ValueError
        except ValueError:
            mlflow.log_metric("after", 1)
    model = LogisticRegression(max_iter=300).fit(*load_iris(return_X_y=True))
    model.predict(load_iris().data)
    mlflow.flush_trace_async_logging()
client.end_trace(client.start_trace("by the client").request_id)
mlflow.flush_trace_async_logging()
trace = mlflow.get_last_active_trace_id()
found = mlflow.get_run(run.info.run_id)
answers["run"] = [found.info.status, found.data.metrics["after"], found.data.params["max_iter"], len(found.outputs.model_outputs)]
answers["trace"] = [trace is not None, mlflow.get_trace(trace)]
answers["refused"] = {
    "feedback": refusal(lambda: mlflow.log_feedback(trace_id=trace, name="good", value=True)),
    "expectation": refusal(lambda: mlflow.log_expectation(trace_id=trace, name="best", value=1)),
    "tag": refusal(lambda: mlflow.set_trace_tag(trace, "a", "b")),
    "search": refusal(lambda: mlflow.search_traces()),
    "delete": refusal(lambda: client.delete_traces(found.info.experiment_id, max_timestamp_millis=1)),
    "webhooks": refusal(lambda: client.list_webhooks()),
    "datasets": refusal(lambda: client.search_datasets()),
    "workspaces": refusal(lambda: mlflow.list_workspaces()),
}
mlflow.genai.register_prompt("greeting", "Hi {{name}}")
mlflow.genai.set_prompt_alias("greeting", alias="best", version=1)
answers["prompts"] = [
    mlflow.genai.load_prompt("prompts:/greeting@best").template,
    [prompt.name for prompt in mlflow.genai.search_prompts()],
    "greeting" in [registered.name for registered in mlflow.search_registered_models()],
]
answers["tried again"] = [status for status in statuses if status in (408, 429) or status >= 500]
print("ANSWERS " + json.dumps(answers))
