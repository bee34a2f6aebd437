"""The probe: the same packages as importlib.metadata sees, and damaged metadata survived."""

import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
import unittest

from environment_probe import conda, normalised, packages

from .support import PYTHON_FOLDER, clean_environment


class Probe(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def test_this_interpreter(self):
        path = os.path.join(PYTHON_FOLDER, "environment_probe.py")
        done = subprocess.run([sys.executable, path], env=clean_environment(), capture_output=True, text=True, timeout=60)
        told = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual((told["python"], told["prefix"]), (".".join(map(str, sys.version_info[:3])), sys.prefix))
        self.assertEqual(os.path.realpath(told["executable"]), os.path.realpath(sys.executable))
        script = (
            "import importlib.metadata as m, json, sys; sys.path.pop(0)\n"
            "print(json.dumps([[d.metadata['Name'], d.version] for d in m.distributions()][::-1]))"
        )
        seen = subprocess.run([sys.executable, "-c", script], env=clean_environment(), capture_output=True, text=True, timeout=60)
        self.assertEqual(told["packages"], {normalised(name): version for name, version in json.loads(seen.stdout)})
        self.assertGreater(len(told["packages"]), 0)

    def test_names_versions_and_origins(self):
        self.write("a/Scikit_Learn-1.5.dist-info/METADATA", "Metadata-Version: 2.1\nName: Scikit_Learn\nVersion: 1.5.0\n\nName: not this\n")
        self.write("a/old-2.egg-info", "Name: old\nVersion: 2\n")
        self.write("b/scikit_learn-9.dist-info/METADATA", "Name: scikit-learn\nVersion: 9\n")
        self.write("b/mine-0.1.dist-info/METADATA", "Name: mine\nVersion: 0.1\n")
        self.write("b/mine-0.1.dist-info/direct_url.json", '{"url": "file:///src/mine", "dir_info": {"editable": true}}')
        self.write("b/git-3.dist-info/METADATA", "Name: git\nVersion: 3\n")
        self.write(
            "b/git-3.dist-info/direct_url.json",
            '{"url": "https://user:s3cret@example.org/g.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}',
        )
        versions, origins = packages([os.path.join(self.folder, name) for name in ("a", "b", "missing")])
        self.assertEqual(versions, {"scikit-learn": "1.5.0", "old": "2", "mine": "0.1", "git": "3"})
        self.assertEqual(origins, {"mine": "file:///src/mine (editable)", "git": "git+https://***@example.org/g.git@abc"})

    def test_damaged_metadata(self):
        self.write("half-1.2.dist-info/RECORD", "")
        self.write("odd-3.dist-info/METADATA", "\0\ufffd garbage")
        self.write("odd-3.dist-info/direct_url.json", "[]")
        self.write("~ip-23.dist-info/METADATA", "Name: pip\nVersion: 23\n")
        self.assertEqual(packages([self.folder]), ({"half": "1.2", "odd": "3"}, {}))

    def test_conda(self):
        self.write("conda-meta/cuda-toolkit-12.4.1-h1234_0.json", "{}")
        self.write("conda-meta/history", "")
        self.assertEqual((conda(self.folder), conda("/nowhere")), ({"cuda-toolkit": "12.4.1"}, {}))
