"""What the fluent API does with experiments, runs, values and datasets, up to every limit and beyond."""

import logging
import os
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"

import mlflow
import numpy
import pandas
from mlflow.data.http_dataset_source import HTTPDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.entities import Metric, Param, ViewType
from telling import Teller

logging.getLogger("mlflow").setLevel(logging.CRITICAL)
teller = Teller()
ask, label = teller.ask, teller.label
client = mlflow.MlflowClient()

# Experiments
mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_registry_uri(sys.argv[1])
ask("addresses", lambda: [mlflow.is_tracking_uri_set(), mlflow.get_tracking_uri() == sys.argv[1], mlflow.get_registry_uri() == sys.argv[1]])
first = label(mlflow.create_experiment("values", tags={"a": "1", "b": "2"}), "values")
ask("made again", lambda: mlflow.create_experiment("values") and None, words=False)
ask("made without a name", lambda: mlflow.create_experiment("") and None)
ask("made with a long name", lambda: mlflow.create_experiment("x" * 501) and None)
mlflow.set_experiment(experiment_id=first)
mlflow.set_experiment_tag("c", {"x": 1})
mlflow.delete_experiment_tag("a")
ask("untagged again", lambda: mlflow.delete_experiment_tag("a"))
ask("experiment", lambda: mlflow.get_experiment(first))
ask("experiment by name", lambda: mlflow.get_experiment_by_name("values").tags)
ask("unknown experiment", lambda: mlflow.set_experiment(experiment_id="987654") and None)
for number in range(5):
    label(mlflow.create_experiment(f"values {number}"), f"values {number}")
ask("experiments", lambda: [e.name for e in mlflow.search_experiments(filter_string="name LIKE 'values%'", order_by=["name DESC"])])
ask("two experiments", lambda: [e.name for e in mlflow.search_experiments(filter_string="name LIKE 'values%'", order_by=["name"], max_results=2)])
last = mlflow.get_experiment_by_name("values 4").experiment_id
mlflow.delete_experiment(last)
ask("deleted", lambda: [e.name for e in mlflow.search_experiments(view_type=ViewType.DELETED_ONLY, filter_string="name LIKE 'values%'")])
mlflow.restore_experiment(last)
ask("restored", lambda: mlflow.get_experiment(last).lifecycle_stage)

# Values and their limits
one = label(mlflow.start_run(run_name="one", tags={"x": "y"}, description="described").info.run_id, "one")
ask("active", lambda: [mlflow.active_run().info.run_id, mlflow.get_artifact_uri(), mlflow.get_artifact_uri("a/b")])
found = lambda: mlflow.get_run(one).data  # noqa: E731
mlflow.log_params({f"p{number:03}": number for number in range(250)})
ask("250 parameters", lambda: len(found().params))
mlflow.log_param("long", "ü" * 6001)
mlflow.set_tag("long", "ü" * 8001)
mlflow.set_tag("full", "ü" * 8000)
ask("long values", lambda: [len(found().params["long"]), len(found().tags["long"]), len(found().tags["full"])])
ask("key of 250", lambda: mlflow.log_param("k" * 250, 1))
ask("key of 251", lambda: mlflow.log_param("k" * 251, 1))
ask("tag of 251", lambda: mlflow.set_tag("k" * 251, 1))
ask("metric of 251", lambda: mlflow.log_metric("k" * 251, 1))
ask("params of 251", lambda: mlflow.log_params({"k" * 251: 1, "fine": 2}))
ask("what went with it", lambda: "fine" in found().params)
for name, value in {"word": "word", "number as text": "5", "numpy": numpy.float32(0.1), "truth": True, "list": [1], "None": None}.items():
    ask(f"metric of a {name}", lambda: mlflow.log_metric(name, value) and None)  # noqa: B023
    ask(f"param of a {name}", lambda: mlflow.log_param(name, value))  # noqa: B023
ask("odd keys", lambda: [mlflow.log_metric(key, 1) and None for key in ("a b", "a-b", "a.b", "a:b", "a/b/c", "größe")])
for key in ("a\nb", "a(b)", "", "/a", "a//b", "../a", "a/", "💥"):
    ask(f"bad metric {key!r}", lambda: mlflow.log_metrics({key: 1, "beside": 2}))  # noqa: B023
    ask(f"bad param {key!r}", lambda: mlflow.log_param(key, 1))  # noqa: B023
    ask(f"bad tags {key!r}", lambda: mlflow.set_tags({"a": "1", key: "2"}))  # noqa: B023
mlflow.log_metrics({"nan": float("nan"), "huge": 1.7e308, "tiny": 5e-324, "zero": -0.0})
mlflow.delete_tag("x")
ask("metrics", lambda: found().metrics)
ask("1,000 points", lambda: client.log_batch(one, metrics=[Metric("many", step * 0.5, 1000 + step, step) for step in range(1000)]))
ask("1,001 points", lambda: client.log_batch(one, metrics=[Metric("many", step * 0.5, 1000 + step, step) for step in range(1001)]))
ask("101 parameters", lambda: client.log_batch(one, params=[Param(f"q{number}", "1") for number in range(101)]))
ask("last of many", lambda: client.get_metric_history(one, "many")[-1])

# Logging in the background
for step in range(50):
    mlflow.log_metric("later", step, step=step, synchronous=False)
mlflow.log_params({"later 1": 1, "later 2": 2}, synchronous=False)
mlflow.set_tags({"later": 1}, synchronous=False)
mlflow.log_metrics({"later too": 1}, step=3, synchronous=False)
mlflow.log_param("later 3", 5, synchronous=False)
mlflow.flush_async_logging()
ask("later", lambda: [len(client.get_metric_history(one, "later")), found().params["later 3"], found().tags["later"], found().metrics["later too"]])
refused = mlflow.log_params({"later 1": 9, "later 2": 8}, synchronous=False)
ask("refused later", refused.wait)
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "later.txt"), "w") as file:
        file.write("later")
    mlflow.log_image(numpy.zeros((2, 2, 3), dtype=numpy.uint8), key="later", step=1, synchronous=False)
    mlflow.flush_artifact_async_logging()
ask("images later", lambda: len(client.list_artifacts(one, "images")))
mlflow.end_run("KILLED")
ask("last active", lambda: mlflow.last_active_run().info.run_id)

# Runs
with mlflow.start_run(run_id=one) as resumed:
    ask("resumed", lambda: [resumed.info.run_id, mlflow.get_run(one).info.status, mlflow.get_run(one).info.end_time is None])
    with mlflow.start_run(nested=True, run_name="child") as child:
        label(child.info.run_id, "child")
        with mlflow.start_run(nested=True, run_name="grandchild") as grandchild:
            label(grandchild.info.run_id, "grandchild")
            ask("parent", lambda: mlflow.get_parent_run(grandchild.info.run_id).info.run_id)
with mlflow.start_run(parent_run_id=child.info.run_id, nested=True, run_name="late") as late:
    label(late.info.run_id, "late")
ask("parent of the late one", lambda: mlflow.get_parent_run(late.info.run_id).info.run_id)
ask("resumed by another name", lambda: [mlflow.start_run(run_id=one, run_name="renamed") and None, mlflow.end_run()])
ask("by another name", lambda: [mlflow.get_run(one).info.run_name, mlflow.get_run(one).info.status])
mlflow.delete_run(grandchild.info.run_id)
ask("resumed though deleted", lambda: mlflow.start_run(run_id=grandchild.info.run_id) and None)
mlflow.restore_run(grandchild.info.run_id)
ask("run restored", lambda: mlflow.get_run(grandchild.info.run_id).info.lifecycle_stage)
ask("unknown run resumed", lambda: mlflow.start_run(run_id="0" * 32) and None)
ask("run of a path", lambda: mlflow.get_run("../x") and None)

# Datasets
frame = pandas.DataFrame({"x": [1.0, 2.0, 3.0], "y": [0, 1, 0]})
with mlflow.start_run(run_name="inputs") as inputs:
    label(inputs.info.run_id, "inputs")
    mlflow.log_input(mlflow.data.from_pandas(frame), context="training")
    mlflow.log_input(mlflow.data.from_pandas(frame, source="/x/f.csv", name="local", targets="x", predictions="y"), context="eval", tags={"k": "v", "ü": "ü"})
    mlflow.log_input(mlflow.data.from_numpy(numpy.arange(12.0).reshape(3, 4), targets=numpy.arange(3), name="numbers"), context="training")
    mlflow.log_input(mlflow.data.from_numpy({"a": numpy.arange(3), "b": numpy.ones(2)}, name="named numbers"))
    mlflow.log_input(MetaDataset(HTTPDatasetSource("http://example.org/a.csv"), name="meta"), context="test")
    mlflow.log_inputs([mlflow.data.from_pandas(frame, name=name) for name in ("one", "two")], contexts=["a", "b"], tags_list=[{"t": "1"}, None])
logged = lambda: mlflow.get_run(inputs.info.run_id).inputs.dataset_inputs  # noqa: E731
ask("inputs", lambda: sorted([i.dataset.name, i.dataset.digest, i.dataset.source_type, i.dataset.schema, i.dataset.profile, sorted((t.key, t.value) for t in i.tags)] for i in logged()))
ask("source of an input", lambda: mlflow.data.get_source(next(i for i in logged() if i.dataset.name == "local")).uri)
ask("runs of a dataset", lambda: [r.info.run_name for r in mlflow.search_runs(filter_string="dataset.name = 'numbers' AND dataset.context = 'training'", output_format="list")])
table = mlflow.search_runs(order_by=["start_time"], max_results=3)
ask("table", lambda: [list(table["tags.mlflow.runName"]), str(table["start_time"].dtype), str(table["metrics.many"].dtype), str(table["params.p001"].dtype)])
teller.print()
