"""1,500 runs read page by page, and a folder of 10,000 artifacts listed."""

import json
import os
import sys

os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]

import mlflow
from mlflow import MlflowClient

answers = {}
client = MlflowClient()
experiment, run = sys.argv[2], sys.argv[3]
for size in (100, 499, 500, 1500, 1501):
    names, token, pages = [], None, 0
    while True:
        page = client.search_runs([experiment], max_results=size, order_by=["metrics.m DESC"], page_token=token)
        names += [int(found.info.run_name) for found in page]
        pages += 1
        token = page.token
        if not token:
            break
    answers[f"pages of {size}"] = [pages, len(page), names == list(range(1499, -1, -1))]
answers["all at once"] = len(mlflow.search_runs([experiment], filter_string="params.p = '3'"))
answers["last of history"] = [point.step for point in client.get_metric_history(run, "long")][-1]
answers["length of history"] = len(client.get_metric_history(run, "long"))
files = client.list_artifacts(run, "many")
answers["files"] = [len(files), files[0].path, files[-1].path, sum(file.file_size for file in files)]
print("ANSWERS " + json.dumps(answers))
