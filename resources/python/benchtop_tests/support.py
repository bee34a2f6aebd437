"""What the tests share: a data folder of their own, child processes, and a reader that follows SPOOL.md."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Dict, List

PYTHON_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOOK_FOLDER = os.path.join(PYTHON_FOLDER, "hook")
_OURS = ("BENCHTOP_", "XDG_DATA_HOME", "PYTHON", "RANK", "LOCAL_RANK", "WORLD_SIZE")


def clean_environment(**more: str) -> Dict[str, str]:
    """This process's environment without what would steer the code under test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**kept, **more}


class Spooled(unittest.TestCase):
    """A test with its own data folder, in which scripts that use benchtop.py can be run."""

    def setUp(self) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = os.path.realpath(self.temporary.name)
        self.home = os.path.join(self.folder, "home")
        self.spool = os.path.join(self.home, "spool")

    def environment(self, **more: str) -> Dict[str, str]:
        return clean_environment(BENCHTOP_HOME=self.home, PYTHONPATH=PYTHON_FOLDER, **more)

    def write(self, name: str, text: str) -> str:
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run_script(self, text: str, *arguments: str, **more: str) -> "subprocess.CompletedProcess":
        """Run a script to its end in the test's folder; its exit code is the test's to judge."""
        command = [sys.executable, self.write("script.py", text), *arguments]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )

    def files(self) -> List[str]:
        found = sorted(os.listdir(self.spool)) if os.path.isdir(self.spool) else []
        return [os.path.join(self.spool, name) for name in found if name.endswith(".jsonl")]

    def records(self) -> List[Dict[str, Any]]:
        """The records of the one run there is."""
        (path,) = self.files()
        return read(path)

    def of_kind(self, kind: str) -> List[Dict[str, Any]]:
        return [record for record in self.records() if record["kind"] == kind]


def read(path: str, last: int = -1) -> List[Dict[str, Any]]:
    """The records after number `last`, by the rules of SPOOL.md."""
    with open(path, "rb") as file:
        lines = file.read().split(b"\n")
    taken = []
    for line in lines[:-1]:
        try:
            record = json.loads(line.decode("utf-8"))
        except ValueError:
            continue
        if record["seq"] > last:
            last = record["seq"]
            taken.append(record)
    return taken


def logged(records: List[Dict[str, Any]]) -> List[Any]:
    """(step, values) of the metric records."""
    return [(record["step"], record["values"]) for record in records if record["kind"] == "metrics"]
