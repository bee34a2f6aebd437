"""The same task with PyTorch, recorded with the mlflow client: one run, or one for each of several folds.

    python train_torch.py --lr 0.003
    python train_torch.py --folds 5            one run after the other
    python train_torch.py --folds 5 --nested   within one run
"""

import argparse
import contextlib

import mlflow
import torch
from torch import nn

from weather import FEATURES, KINDS, folds, load, split, standardise


def tensors(days):
    return torch.tensor([day["features"] for day in days]), torch.tensor([day["kind"] for day in days])


def fit(options, training, validation):
    """Train one network within the active run and keep it there. Returns its validation accuracy."""
    torch.manual_seed(options.seed)
    training, validation, _ = standardise(training, validation)
    (x, y), (val_x, val_y) = tensors(training), tensors(validation)
    model = nn.Sequential(nn.Linear(len(FEATURES), options.hidden), nn.Tanh(), nn.Linear(options.hidden, len(KINDS)))
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.lr, weight_decay=options.l2)
    loss_of = nn.CrossEntropyLoss()
    accuracy = 0.0
    for epoch in range(1, options.epochs + 1):
        total = 0.0
        for batch in torch.randperm(len(x)).split(options.batch):
            optimizer.zero_grad()
            loss = loss_of(model(x[batch]), y[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        with torch.no_grad():
            scores = model(val_x)
            val_loss = loss_of(scores, val_y).item()
            accuracy = (scores.argmax(1) == val_y).float().mean().item()
        mlflow.log_metric("train_loss", total / len(x), step=epoch)
        mlflow.log_metric("val_loss", val_loss, step=epoch)
        mlflow.log_metric("val_acc", accuracy, step=epoch)
        print(f"epoch {epoch} train_loss {total / len(x):.4f} val_loss {val_loss:.4f} val_acc {accuracy:.4f}")
    # Requirements are named, because finding them out takes mlflow longer than the training.
    mlflow.pytorch.log_model(model, name="model", input_example=val_x[:2].numpy(), pip_requirements=["torch"])
    return accuracy


def main():
    parser = argparse.ArgumentParser(description="Name the day's weather with PyTorch.")
    parser.add_argument("--lr", type=float, default=0.003)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--l2", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folds", type=int, default=1, help="train on each of so many folds, every one a run")
    parser.add_argument("--nested", action="store_true", help="keep the folds' runs within one run")
    options = parser.parse_args()

    mlflow.set_experiment("weather")
    days = load()
    if options.folds == 1:
        with mlflow.start_run():
            mlflow.log_params(vars(options))
            fit(options, *split(days))
        return

    accuracies = []
    with mlflow.start_run(run_name="folds") if options.nested else contextlib.nullcontext():
        for index, (training, validation) in enumerate(folds(days, options.folds)):
            with mlflow.start_run(run_name=f"fold {index}", nested=options.nested):
                mlflow.log_params({**vars(options), "fold": index})
                accuracies.append(fit(options, training, validation))
        mean = sum(accuracies) / len(accuracies)
        print(f"mean val_acc of {options.folds} folds {mean:.4f}")
        if options.nested:
            mlflow.log_metric("mean_val_acc", mean)


if __name__ == "__main__":
    main()
