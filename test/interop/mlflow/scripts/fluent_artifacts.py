"""Artifacts up, down, listed and removed by every kind of address that the client knows; names of every kind."""

import logging
import os
import re
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ["MLFLOW_TRACKING_URI"] = uri = sys.argv[1]
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"
# A file of two megabytes is tried in parts first; neither server takes them, and it has to go in one.
os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD"] = "true"
os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = os.environ["MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE"] = "2000000"

import mlflow
import numpy
import pandas
from mlflow.artifacts import download_artifacts, list_artifacts
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from telling import Teller, files_below

logging.getLogger("mlflow").setLevel(logging.CRITICAL)
teller = Teller()
ask, label = teller.ask, teller.label
label(mlflow.set_experiment("artifacts").experiment_id, "artifacts")
work = tempfile.mkdtemp()
tree = os.path.join(work, "tree")
for path, text in {"a.txt": "a", "sub/b.txt": "b", "sub/ü %20 +#&.txt": "odd", ".hidden": "h", "empty": "", "'\"quoted\".txt": "q"}.items():
    os.makedirs(os.path.dirname(os.path.join(tree, path)), exist_ok=True)
    with open(os.path.join(tree, path), "w") as file:
        file.write(text)
os.makedirs(os.path.join(tree, "without files"))

image = mlflow.Image(numpy.zeros((2, 2, 3), dtype=numpy.uint8))
with mlflow.start_run(run_name="artifacts") as started:
    run = label(started.info.run_id, "run")
    mlflow.log_artifacts(tree, "tree")
    mlflow.log_artifacts(tree)
    mlflow.log_artifact(os.path.join(tree, "sub"), "more")
    mlflow.log_artifact(os.path.join(tree, "a.txt"), "x/y/z")
    mlflow.log_text("", "empty.txt")
    mlflow.log_text("x" * 3_000_000, "big.txt")
    mlflow.log_text("<b>", "deep/er/page.html")
    mlflow.log_dict({"a": 1}, "d.yaml")
    mlflow.log_dict([1, 2], "without ending")
    with open(os.path.join(tree, "a.txt"), "rb") as stream:
        mlflow.log_stream(stream, "streamed/a.bin")
    mlflow.log_table(pandas.DataFrame({"q": ["a", "b"], "n": [1.5, None]}), "table.json")
    mlflow.log_table({"q": ["c"], "n": [3]}, "table.json")
    mlflow.log_table({"q": ["c"], "image": [image]}, "images.json")
    mlflow.log_image(image, key="k/l m", step=3, timestamp=5)
    ask("outside", lambda: mlflow.log_text("x", "../a.txt"))
    ask("from the root", lambda: mlflow.log_text("x", "/a.txt"))

root = started.info.artifact_uri
inside = root.removeprefix("mlflow-artifacts:")
plain = lambda path: re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", path)  # noqa: E731
listed = lambda files: sorted((plain(file.path), file.is_dir, file.file_size) for file in files)  # noqa: E731
downloaded = lambda *args, **given: [plain(path) for path in files_below(download_artifacts(*args, **given))]  # noqa: E731
for name, address in {
    **{"run": f"runs:/{run}", "run with a slash": f"runs:/{run}/", "folder of the run": f"runs:/{run}/tree/sub", "file of the run": f"runs:/{run}/tree/a.txt"},
    **{"proxy": root, "folder behind the proxy": f"{root}/tree", "proxy with a host": f"mlflow-artifacts://{uri.split('//')[1]}{inside}/tree"},
    **{"http": f"{uri}/api/2.0/mlflow-artifacts/artifacts{inside}/tree", "nothing": f"runs:/{run}/nothing", "unknown run": "runs:/" + "0" * 32 + "/x"},
}.items():
    ask(f"{name} listed", lambda: listed(list_artifacts(artifact_uri=address)))  # noqa: B023
    ask(f"{name} downloaded", lambda: downloaded(artifact_uri=address), words=name != "nothing")  # noqa: B023
    ask(f"{name} downloaded to a place", lambda: downloaded(address, dst_path=os.path.join(work, name)), words=name != "nothing")  # noqa: B023
ask("a folder downloaded", lambda: downloaded(run_id=run, artifact_path="tree/sub", tracking_uri=uri))
ask("odd letters", lambda: open(download_artifacts(run_id=run, artifact_path="tree/'\"quoted\".txt")).read())
ask("downloaded from outside", lambda: downloaded(run_id=run, artifact_path="../../x"), words=False)
ask("listed by path", lambda: listed(list_artifacts(run_id=run, artifact_path="tree")))
ask("loaded", lambda: [mlflow.artifacts.load_text(f"{root}/empty.txt"), len(mlflow.artifacts.load_text(f"{root}/big.txt")), mlflow.artifacts.load_dict(f"{root}/without ending")])
ask("image", lambda: mlflow.artifacts.load_image(next(f"{root}/{file.path}" for file in list_artifacts(run_id=run, artifact_path="images") if file.path.endswith("png"))).size)
ask("table", lambda: mlflow.load_table("table.json", run_ids=[run], extra_columns=["run_id"]).to_dict("list"))
ask("no table", lambda: mlflow.load_table("nothing.json").to_dict("list"))
ask("table of images", lambda: sorted(mlflow.load_table("images.json", run_ids=[run]).columns))

repository = get_artifact_repository(root)
repository.delete_artifacts("tree/sub")
repository.delete_artifacts("empty.txt")
ask("deleted", lambda: [listed(repository.list_artifacts("tree")), "empty.txt" in [file.path for file in repository.list_artifacts()]])
ask("nothing deleted", lambda: repository.delete_artifacts("nothing"))
get_artifact_repository(f"{root}/more").delete_artifacts()
ask("a folder deleted", lambda: listed(repository.list_artifacts("more")))
repository.delete_artifacts()
ask("all deleted", lambda: listed(repository.list_artifacts()))
teller.print()
