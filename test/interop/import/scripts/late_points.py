"""Logs to a run, most of it below the latest step, until a file `enough` is there; ends it, and logs some more once a file `ended` is; prints what its client reads then."""

import json
import random
import sys
import time
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Metric

client = MlflowClient(sys.argv[1])
seed = int(sys.argv[2])
draw = random.Random(seed)
experiment = client.create_experiment(f"late {seed}")
run = client.create_run(experiment).info.run_id
print(run, flush=True)

# The latest point of each metric comes first: from then on no search tells of another.
for key in ("loss", "accuracy", "lr"):
    client.log_metric(run, key, 1.0, timestamp=1_800_000_000_000, step=1_000_000)
while not Path("enough").exists():
    key = draw.choice(("loss", "accuracy", "lr"))
    batch = [
        Metric(key, draw.random(), draw.randrange(1_700_000_000_000), draw.randrange(1_000))
        for _ in range(draw.randrange(1, 5))
    ]
    client.log_batch(run, metrics=batch)
    time.sleep(draw.random() * 0.05)
client.set_terminated(run)
# An import has seen that it has ended.
while not Path("ended").exists():
    time.sleep(0.05)
for step in range(5):
    client.log_metric(run, "loss", float(step), timestamp=step, step=step)

print(
    json.dumps(
        {
            key: sorted([m.step, m.timestamp, m.value] for m in client.get_metric_history(run, key))
            for key in ("loss", "accuracy", "lr")
        }
    )
)
