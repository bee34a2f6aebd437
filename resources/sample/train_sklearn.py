"""The same task with scikit-learn, recorded by MLflow's autologging.

    python train_sklearn.py --model forest --trees 300
"""

import argparse

import mlflow
import numpy
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from weather import KINDS, load, split


def table(days):
    """(features, names of the weather) as arrays."""
    return numpy.array([day["features"] for day in days]), numpy.array([KINDS[day["kind"]] for day in days])


def main():
    parser = argparse.ArgumentParser(description="Name the day's weather with scikit-learn.")
    parser.add_argument("--model", choices=["logistic", "forest"], default="logistic")
    parser.add_argument("--c", type=float, default=1.0, help="inverse strength of the regularisation (logistic)")
    parser.add_argument("--trees", type=int, default=200, help="number of trees (forest)")
    parser.add_argument("--depth", type=int, default=None, help="greatest depth of a tree (forest)")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()

    mlflow.autolog()
    training, validation = (table(days) for days in split(load()))
    if options.model == "logistic":
        model = make_pipeline(StandardScaler(), LogisticRegression(C=options.c, max_iter=2000))
    else:
        model = RandomForestClassifier(options.trees, max_depth=options.depth, random_state=options.seed)
    model.fit(*training)
    # Autologging records this score with the run of the fit above.
    val_x, val_y = validation
    print(f"val_acc {model.score(val_x, val_y):.4f}")


if __name__ == "__main__":
    main()
