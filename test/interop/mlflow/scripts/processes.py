"""Twenty processes at once that log into one experiment, write and read files, search and register; then what arrived is read back."""

import json
import multiprocessing
import os
import sys

os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]
# Nothing may have to be tried twice.
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

PROCESSES = 20
SINGLES = 40
BATCHES = 20
SIZE = 50


def log(process, experiment, shared):
    client = MlflowClient()
    run = client.create_run(experiment, run_name=f"process {process}").info.run_id
    for step in range(SINGLES):
        client.log_metric(run, "single", step / 8, timestamp=1000 + step, step=step)
        client.log_metric(shared, f"of {process}", step / 8, timestamp=1000 + step, step=step)
    for batch in range(BATCHES):
        steps = range(batch * SIZE, (batch + 1) * SIZE)
        client.log_batch(
            run,
            metrics=[Metric("batched", step / 8, 1000 + step, step) for step in steps],
            params=[Param(f"p{batch}", str(process))],
            tags=[RunTag("batch", str(batch))],
        )
        client.set_tag(shared, f"tag {process}", batch)
        if batch % 5 == 0:
            work_with_files(client, run, shared, f"{process} {batch}")
            register(client, run, process, batch)
            look_around(client, run, experiment, process, batch)
    client.set_terminated(run)


def work_with_files(client, run, shared, name):
    text = f"of process {name}, " * 2000
    client.log_text(run, text, f"texts/{name}.txt")
    client.log_text(shared, text, f"{name}.txt")
    for owner, path in [(run, f"texts/{name}.txt"), (shared, f"{name}.txt")]:
        assert mlflow.artifacts.load_text(f"runs:/{owner}/{path}") == text


def register(client, run, process, batch):
    if batch == 0:
        client.create_registered_model(f"model {process}", tags={"process": str(process)})
    for name in (f"model {process}", "of all"):
        version = client.create_model_version(name, f"runs:/{run}/texts", run, tags={"batch": str(batch)})
        client.set_registered_model_alias(name, f"of-{process}", version.version)
        assert client.get_model_version_by_alias(name, f"of-{process}").run_id == run


def look_around(client, run, experiment, process, batch):
    """What was acknowledged is found at once, whatever the others are doing."""
    found = client.search_runs([experiment], f"params.p{batch} = '{process}' and metrics.batched >= 0", order_by=["metrics.batched DESC"])
    assert [one.info.run_id for one in found] == [run]
    assert len(client.get_metric_history(run, "batched")) == SIZE * (batch + 1)
    assert [model.name for model in client.search_registered_models(f"name = 'model {process}'")] == [f"model {process}"]
    assert len(client.search_model_versions(f"run_id = '{run}'")) == 2 * (batch // 5 + 1)


if __name__ == "__main__":
    client = MlflowClient()
    experiment = client.create_experiment("processes")
    shared = client.create_run(experiment, run_name="shared").info.run_id
    client.create_registered_model("of all")
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=log, args=(number, experiment, shared)) for number in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    runs = client.search_runs([experiment], order_by=["run_name"])
    lost = []
    for run in runs:
        expected = {"single": SINGLES, "batched": SIZE * BATCHES} if run.info.run_name != "shared" else {f"of {n}": SINGLES for n in range(PROCESSES)}
        for key, count in expected.items():
            points = client.get_metric_history(run.info.run_id, key)
            if [(p.step, p.value, p.timestamp) for p in points] != [(s, s / 8, 1000 + s) for s in range(count)]:
                lost.append([run.info.run_name, key, len(points)])
    own = [run for run in runs if run.info.run_name != "shared"]
    print(
        "ANSWERS "
        + json.dumps(
            {
                "exit codes": [worker.exitcode for worker in workers],
                "runs": len(runs),
                "lost": lost,
                "params": sorted({len(run.data.params) for run in own}),
                "statuses": sorted({run.info.status for run in own}),
                "shared tags": len([k for run in runs if run.info.run_name == "shared" for k in run.data.tags if k.startswith("tag ")]),
                "texts": sorted({len(client.list_artifacts(run.info.run_id, "texts")) for run in own}),
                "shared texts": len(client.list_artifacts(shared)),
                "versions": sorted(int(one.version) for one in client.search_model_versions("name = 'of all'")),
                "aliases": len(client.get_registered_model("of all").aliases),
                "models": len(client.search_registered_models("tags.process LIKE '%'")),
            }
        )
    )
