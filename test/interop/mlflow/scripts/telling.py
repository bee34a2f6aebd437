"""Asks a tracking server through the real client and prints what comes back, without ids and times, as one JSON object."""

import json
import math
import os
import sys

from mlflow.entities import Metric
from mlflow.exceptions import MlflowException
from requests import HTTPError

ENTITY = Metric.__bases__[0]  # Its name is not the same in every version.


class Teller:
    """Answers by the name of the question. Ids are replaced by the labels that they were given, whenever that was."""

    def __init__(self):
        self.answers = {}
        self.labels = {}

    def label(self, identifier, label):
        self.labels[str(identifier)] = f"<{label}>"
        return identifier

    def ask(self, name, question, words=True):
        """The answer, which is kept under the name; None for an error, of which kind and, if asked for, words are kept."""
        if name in self.answers:
            raise ValueError(f"Two questions are called {name}")
        try:
            answer = question()
        except MlflowException as error:
            self.answers[name] = {"error": type(error).__name__, "code": error.error_code}
            if words:
                self.answers[name]["message"] = str(error)
            return None
        except HTTPError as error:
            self.answers[name] = {"error": "HTTPError", "status": error.response.status_code}
            return None
        except Exception as error:  # Of the client's own: what it refuses before it asks, and what it makes of an answer.
            self.answers[name] = {"error": type(error).__name__}
            if words:
                self.answers[name]["message"] = str(error)
            return None
        self.answers[name] = plain(answer)
        return answer

    def print(self):
        print("ANSWERS " + json.dumps({name: self.without_ids(answer) for name, answer in self.answers.items()}))
        sys.stdout.flush()

    def without_ids(self, value):
        if isinstance(value, str):
            for identifier, label in self.labels.items():
                value = value.replace(identifier, label)
            return value
        if isinstance(value, list):
            return [self.without_ids(item) for item in value]
        if isinstance(value, dict):
            return {self.without_ids(key): self.in_order(key, self.without_ids(item)) for key, item in value.items()}
        return value

    def in_order(self, key, value):
        """The real server gives a run's models in the order of ids that it draws by lot."""
        return sorted(value, key=json.dumps) if key in ("model_inputs", "model_outputs") and isinstance(value, list) else value


def plain(value):
    """JSON of anything that the client gives back. A time of our days is of the clock, not of the question."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return "<time>" if 1_600_000_000_000 < value < 2_500_000_000_000 else value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, ENTITY):
        return {key: plain(item) for key, item in value if key not in ("creation_time", "last_update_time")}
    if hasattr(value, "__dataclass_fields__"):
        return {key: plain(getattr(value, key)) for key in value.__dataclass_fields__}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    return f"{type(value).__name__}"


def files_below(path):
    """The files of a folder by their paths in it; of a file what is in it."""
    if os.path.isfile(path):
        with open(path) as file:
            return [file.read()]
    return sorted(os.path.relpath(os.path.join(folder, name), path) for folder, _, names in os.walk(path) for name in names)
