"""Train a small neural network to name the day's weather, in plain Python.

    python train.py --lr 0.003 --hidden 16

Prints a line an epoch and leaves outputs/model.json, outputs/predictions.csv and outputs/confusion_matrix.svg.
"""

import argparse
import csv
import json
import math
import random
from operator import mul
from pathlib import Path

from picture import confusion_matrix_svg
from weather import FEATURES, KINDS, load, split, standardise


def new_model(inputs, hidden, outputs, rng):
    """Weights of inputs -> hidden (tanh) -> outputs (softmax). Each row's last weight is its bias."""

    def layer(rows, columns):
        scale = 1 / math.sqrt(columns)
        return [[rng.gauss(0, scale) for _ in range(columns)] + [0.0] for _ in range(rows)]

    return {"hidden": layer(hidden, inputs), "output": layer(outputs, hidden)}


def forward(model, features):
    """(hidden activations, probability of each kind). `features` and the activations end in 1 for the bias."""
    hidden = [math.tanh(sum(map(mul, row, features))) for row in model["hidden"]] + [1.0]
    scores = [sum(map(mul, row, hidden)) for row in model["output"]]
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return hidden, [power / total for power in powers]


def learn(model, features, kind, rate, keep):
    """One step of gradient descent on one day. `keep` shrinks the weights (l2). Returns the day's loss before it."""
    hidden, probabilities = forward(model, features)
    errors = [p - (index == kind) for index, p in enumerate(probabilities)]
    output = model["output"]
    # The error of each hidden unit, through the weights as they were when they made it.
    back = [sum(map(mul, errors, column)) for column in zip(*output)]
    for index, error in enumerate(errors):
        step = rate * error
        output[index] = [keep * weight - step * h for weight, h in zip(output[index], hidden)]
    rows = model["hidden"]
    for index, row in enumerate(rows):
        step = rate * back[index] * (1 - hidden[index] ** 2)
        rows[index] = [keep * weight - step * x for weight, x in zip(row, features)]
    return -math.log(max(probabilities[kind], 1e-12))


def evaluate(model, days):
    """(mean loss, accuracy, mean recall of the kinds, probabilities of each day)."""
    probabilities = [forward(model, day["features"])[1] for day in days]
    loss = -sum(math.log(max(p[day["kind"]], 1e-12)) for p, day in zip(probabilities, days)) / len(days)
    seen, right = [0] * len(KINDS), [0] * len(KINDS)
    for p, day in zip(probabilities, days):
        seen[day["kind"]] += 1
        right[day["kind"]] += p.index(max(p)) == day["kind"]
    recalls = [r / s for r, s in zip(right, seen) if s]
    return loss, sum(right) / len(days), sum(recalls) / len(recalls), probabilities


def weights(days, balance):
    """How much each kind counts: 0 counts days, 1 counts kinds alike, so that the rare ones are learned too. Mean 1."""
    counts = [sum(day["kind"] == kind for day in days) for kind in range(len(KINDS))]
    powers = [(len(days) / max(count, 1)) ** balance for count in counts]
    mean = sum(power * count for power, count in zip(powers, counts)) / len(days)
    return [power / mean for power in powers]


def train(options):
    """Train with the given options, printing a line an epoch. Returns (model, scale, validation days, probabilities)."""
    rng = random.Random(options.seed)
    training, validation, scale = standardise(*split(load()))
    for day in training + validation:
        day["features"].append(1.0)
    most = max(range(len(KINDS)), key=lambda kind: sum(day["kind"] == kind for day in training))
    share = sum(day["kind"] == most for day in validation) / len(validation)
    print(f"{len(training)} days to learn from, {len(validation)} to judge by; always saying {KINDS[most]} would be right for {share:.1%}")

    model = new_model(len(FEATURES), options.hidden, len(KINDS), rng)
    weight = weights(training, options.balance)
    for epoch in range(1, options.epochs + 1):
        rng.shuffle(training)
        rate = options.lr / (1 + options.decay * (epoch - 1))
        keep = 1 - rate * options.l2
        total = sum(learn(model, day["features"], day["kind"], rate * weight[day["kind"]], keep) for day in training)
        val_loss, val_acc, val_recall, probabilities = evaluate(model, validation)
        print(
            f"epoch {epoch} train_loss {total / len(training):.4f} "
            f"val_loss {val_loss:.4f} val_acc {val_acc:.4f} val_recall {val_recall:.4f}"
        )
    return model, scale, validation, probabilities


def write_outputs(folder, options, model, scale, days, probabilities):
    """The model, what it said of each validation day, and the picture of its mistakes."""
    folder.mkdir(parents=True, exist_ok=True)
    said = [p.index(max(p)) for p in probabilities]
    document = {"kinds": KINDS, "features": FEATURES, "scale": scale, "options": vars(options), **model}
    (folder / "model.json").write_text(json.dumps(document, default=str) + "\n", encoding="utf-8")
    with open(folder / "predictions.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["date", "place", "weather", "predicted", "right", *(f"p_{kind}" for kind in KINDS)])
        for day, guess, p in zip(days, said, probabilities):
            right = int(guess == day["kind"])
            table.writerow([day["date"], day["place"], KINDS[day["kind"]], KINDS[guess], right, *(f"{value:.4f}" for value in p)])
    counts = [[0] * len(KINDS) for _ in KINDS]
    for day, guess in zip(days, said):
        counts[day["kind"]][guess] += 1
    (folder / "confusion_matrix.svg").write_text(confusion_matrix_svg(counts, KINDS), encoding="utf-8")


def parse_options():
    parser = argparse.ArgumentParser(description="Name the day's weather from what the instruments measured.")
    parser.add_argument("--lr", type=float, default=0.001, help="learning rate of the first epoch")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--hidden", type=int, default=32, help="hidden units")
    parser.add_argument("--l2", type=float, default=0.001, help="weight decay")
    parser.add_argument("--decay", type=float, default=0.05, help="how fast the learning rate falls")
    parser.add_argument("--balance", type=float, default=0.5, help="0: every day counts alike, 1: every kind of weather does")
    parser.add_argument("--seed", type=int, default=7, help="of the first weights and of the order of the days")
    parser.add_argument("--out", type=Path, default=Path("outputs"), help="folder for what is written")
    return parser.parse_args()


if __name__ == "__main__":
    options = parse_options()
    write_outputs(options.out, options, *train(options))
    print(f"wrote {options.out}/model.json, predictions.csv and confusion_matrix.svg")
