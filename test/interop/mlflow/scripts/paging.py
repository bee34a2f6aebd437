"""Every search of the client read to its end, in pages of two and of five, and what tokens of other questions are worth."""

import os
import sys

os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"

from mlflow import MlflowClient
from telling import Teller

teller = Teller()
ask, label = teller.ask, teller.label
client = MlflowClient()
NUMBERS = range(5)
experiments = [label(client.create_experiment(f"page {number}"), f"experiment {number}") for number in NUMBERS]
home = experiments[0]
runs = [label(client.create_run(home, run_name=f"page {number}", start_time=number).info.run_id, f"run {number}") for number in NUMBERS]
models = [label(client.create_logged_model(home, name=f"page {number}").model_id, f"model {number}") for number in NUMBERS]
for number in NUMBERS:
    client.create_registered_model(f"page {number}")
    client.create_model_version("page 0", f"runs:/{runs[number]}/x", runs[number])

SEARCHES = {
    "experiments": (client.search_experiments, {"filter_string": "name LIKE 'page%'", "order_by": ["name"]}, lambda found: found.name),
    "runs": (client.search_runs, {"experiment_ids": [home], "order_by": ["start_time DESC"]}, lambda found: found.info.run_name),
    "logged models": (client.search_logged_models, {"experiment_ids": [home], "order_by": [{"field_name": "name"}]}, lambda found: found.name),
    "registered models": (client.search_registered_models, {"filter_string": "name LIKE 'page%'", "order_by": ["name DESC"]}, lambda found: found.name),
    "versions": (client.search_model_versions, {"filter_string": "name = 'page 0'", "order_by": ["version_number"]}, lambda found: found.version),
}


def pages(search, given, shown, size):
    found, token = [], None
    while True:
        page = search(**given, max_results=size, page_token=token)
        found.append([shown(item) for item in page])
        token = page.token
        if not token:
            return found


for name, (search, given, shown) in SEARCHES.items():
    for size in (1, 2, 4, 5, 6):
        ask(f"{name} by {size}", lambda: pages(search, given, shown, size))  # noqa: B023
    first = search(**given, max_results=2)
    ask(f"{name} by another size", lambda: [shown(item) for item in search(**given, max_results=3, page_token=first.token)])  # noqa: B023
    for token in ("!", "bm90aGluZw==", "e30="):
        ask(f"{name} from {token}", lambda: search(**given, max_results=2, page_token=token) and None, words=False)  # noqa: B023
client.delete_experiment(home)
ask("runs of a deleted experiment", lambda: pages(*SEARCHES["runs"], 2))
ask("models of a deleted experiment", lambda: pages(*SEARCHES["logged models"], 2))
teller.print()
