"""A Lightning training with autologging."""

import json
import logging
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]

import lightning
import mlflow
import torch
from torch.utils.data import DataLoader, TensorDataset

logging.disable(logging.ERROR)


class Line(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)

    def training_step(self, batch, _):
        loss = torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1])
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, _):
        self.log("val_loss", torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1]))

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


torch.manual_seed(0)
x = torch.randn(64, 2)
data = DataLoader(TensorDataset(x, x.sum(1, keepdim=True)), batch_size=16)
mlflow.set_experiment("lightning")
mlflow.pytorch.autolog(silent=True)
quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "enable_model_summary": False}
with mlflow.start_run() as run:
    lightning.Trainer(max_epochs=3, log_every_n_steps=1, **quiet).fit(Line(), data, data)
found = mlflow.get_run(run.info.run_id)
history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "val_loss")
model = mlflow.pytorch.load_model(f"models:/{found.outputs.model_outputs[0].model_id}")
print(
    "ANSWERS "
    + json.dumps(
        {
            "metrics": sorted(found.data.metrics),
            "steps": [point.step for point in history],
            "falls": history[-1].value < history[0].value,
            "epochs": found.data.params["epochs"],
            "shape": list(model.layer(x).shape),
        }
    )
)
