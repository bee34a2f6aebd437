"""The sample project: its data are what the README says, its network learns, and it knows nothing of us."""

import csv
import hashlib
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from .support import PYTHON_FOLDER, clean_environment

SAMPLE = os.path.join(os.path.dirname(PYTHON_FOLDER), "sample")


def text_of(name):
    with open(os.path.join(SAMPLE, name), encoding="utf-8") as file:
        return file.read()


class Sample(unittest.TestCase):
    def setUp(self):
        sys.path.insert(0, SAMPLE)
        self.addCleanup(sys.path.remove, SAMPLE)
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def run_train(self, *options):
        command = [sys.executable, os.path.join(SAMPLE, "train.py"), *options]
        environment = clean_environment(PYTHONDONTWRITEBYTECODE="1")
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_the_data_are_the_published_file(self):
        with open(os.path.join(SAMPLE, "data", "weather.csv"), "rb") as file:
            data = file.read()
        named = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        self.assertEqual(named, "0e7e853f4c5b67615da261d5d343824a43510f50")
        self.assertIn(named, text_of("README.md"))
        self.assertEqual(data.count(b"\n"), 2923)

    def test_it_knows_nothing_of_us(self):
        for name in ("train.py", "weather.py", "picture.py", "train_sklearn.py", "train_torch.py", "train_hydra.py"):
            self.assertIsNone(re.search(r"benchtop|tracking_uri", text_of(name), re.IGNORECASE), name)
        for name in ("train.py", "weather.py", "picture.py"):
            imported = set(re.findall(r"^(?:import|from) (\w+)", text_of(name), re.MULTILINE))
            self.assertLessEqual(imported, {"argparse", "csv", "json", "math", "random", "operator", "pathlib", "datetime", "picture", "weather"})

    def test_the_past_learns_and_the_future_judges(self):
        import weather

        training, validation = weather.split(weather.load())
        self.assertEqual((len(training), len(validation)), (2190, 728))
        self.assertLess(max(day["date"] for day in training), min(day["date"] for day in validation))
        self.assertEqual({len(day["features"]) for day in training}, {len(weather.FEATURES)})
        scaled, _, _ = weather.standardise(training, validation)
        for column in zip(*(day["features"] for day in scaled)):
            self.assertAlmostEqual(sum(column) / len(column), 0, places=9)
            self.assertAlmostEqual(sum(value * value for value in column) / len(column), 1, places=9)
        parts = [part for _, part in weather.folds(training, 5)]
        self.assertEqual(sorted(day["date"] + day["place"] for part in parts for day in part), sorted(d["date"] + d["place"] for d in training))

    def test_a_step_follows_the_slope_of_the_loss(self):
        """Against the slope by differences, which knows nothing of back-propagation."""
        import train

        rng = random.Random(1)
        features, kind = [rng.gauss(0, 1) for _ in range(4)] + [1.0], 2

        def fresh():
            return train.new_model(4, 3, 5, random.Random(2))

        def loss(model):
            return -math.log(train.forward(model, features)[1][kind])

        stepped, rate, small = fresh(), 1e-3, 1e-6
        self.assertAlmostEqual(train.learn(stepped, features, kind, rate, 1.0), loss(fresh()), places=12)
        for layer in ("hidden", "output"):
            for row, before in enumerate(fresh()[layer]):
                for column, weight in enumerate(before):
                    up, down = fresh(), fresh()
                    up[layer][row][column] += small
                    down[layer][row][column] -= small
                    slope = (loss(up) - loss(down)) / (2 * small)
                    self.assertAlmostEqual((weight - stepped[layer][row][column]) / rate, slope, places=6)

    def test_it_learns_prints_and_writes(self):
        out = self.run_train("--epochs", "3", "--hidden", "4", "--lr", "0.01")
        number = r"\d+\.\d{4}"
        lines = re.findall(r"^epoch (\d+) train_loss (%s) val_loss (%s) val_acc (%s) val_recall (%s)$" % ((number,) * 4), out, re.MULTILINE)
        self.assertEqual([int(line[0]) for line in lines], [1, 2, 3])
        self.assertLess(float(lines[2][1]), float(lines[0][1]))
        self.assertGreater(float(lines[2][3]), 0.75)
        with open(os.path.join(self.folder, "outputs", "predictions.csv"), newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 728)
        self.assertAlmostEqual(sum(int(row["right"]) for row in rows) / 728, float(lines[2][3]), places=4)
        with open(os.path.join(self.folder, "outputs", "model.json")) as file:
            model = json.load(file)
        self.assertEqual((len(model["hidden"]), len(model["output"]), model["options"]["epochs"]), (4, 5, 3))
        picture = xml.etree.ElementTree.parse(os.path.join(self.folder, "outputs", "confusion_matrix.svg"))
        counts = [int(node.text) for node in picture.iter("{http://www.w3.org/2000/svg}text") if node.text.isdigit()]
        self.assertEqual((len(counts), sum(counts)), (25, 728))

    def test_the_seed_decides(self):
        first = self.run_train("--epochs", "2", "--hidden", "3", "--seed", "1")
        self.assertEqual(self.run_train("--epochs", "2", "--hidden", "3", "--seed", "1"), first)
        self.assertNotEqual(self.run_train("--epochs", "2", "--hidden", "3", "--seed", "2"), first)
