"""Makes, changes or restores experiments and runs of a store, and prints what its client says of them then."""

import json
import sys

from mlflow import MlflowClient
from mlflow.entities import ViewType

uri, stage = sys.argv[1:]
client = MlflowClient(uri)


def experiment(tag):
    found = client.search_experiments(view_type=ViewType.ALL)
    return next(one for one in found if one.tags.get("which") == tag)


def runs(tag):
    found = client.search_runs([experiment(tag).experiment_id], run_view_type=ViewType.ALL)
    return {run.data.tags["which"]: run.info.run_id for run in found}


if stage == "make":
    for tag in ("kept", "gone"):
        made = client.create_experiment(f"{tag} at first", tags={"which": tag, "team": "a"})
        for which in ("first", "second"):
            run = client.create_run(made, tags={"which": which})
            client.log_metric(run.info.run_id, "loss", 0.5, step=1)
            client.set_terminated(run.info.run_id)
elif stage == "change":
    client.rename_experiment(experiment("kept").experiment_id, "kept later")
    client.set_experiment_tag(experiment("kept").experiment_id, "team", "b")
    client.delete_run(runs("kept")["first"])
    client.delete_experiment(experiment("gone").experiment_id)
elif stage == "restore":
    client.restore_run(runs("kept")["first"])
    client.delete_run(runs("kept")["second"])
    client.restore_experiment(experiment("gone").experiment_id)

print(
    json.dumps(
        {
            "experiments": sorted(
                [one.experiment_id, one.name, one.lifecycle_stage, one.tags.get("team")]
                for one in client.search_experiments(view_type=ViewType.ALL)
                if "which" in one.tags
            ),
            "runs": sorted(
                [run_id, client.get_run(run_id).info.lifecycle_stage]
                for tag in ("kept", "gone")
                for run_id in runs(tag).values()
            ),
        }
    )
)
