"""What ships is valid for the oldest Python it promises: 3.9, and any at all for the start-up file."""

import ast
import os
import unittest

from .support import PYTHON_FOLDER

SAMPLE = os.path.join(os.path.dirname(PYTHON_FOLDER), "sample")


def sources(folder):
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            if name.endswith(".py"):
                yield os.path.join(here, name)


def tree_of(path):
    with open(path, encoding="utf-8") as file:
        return ast.parse(file.read(), path, feature_version=(3, 9))


class Syntax(unittest.TestCase):
    def test_python_3_9(self):
        paths = [*sources(PYTHON_FOLDER), *sources(SAMPLE)]
        self.assertGreater(len(paths), 15)
        for path in paths:
            for node in ast.walk(tree_of(path)):
                for name in ("annotation", "returns"):
                    unions = [part for part in ast.walk(getattr(node, name, None) or ast.Pass()) if isinstance(part, ast.BitOr)]
                    self.assertEqual(unions, [], "%s:%s: X | Y needs 3.10" % (path, getattr(node, "lineno", 0)))

    def test_the_start_up_file_stays_readable_for_python_2(self):
        tree = tree_of(os.path.join(PYTHON_FOLDER, "hook", "sitecustomize.py"))
        newer = (ast.JoinedStr, ast.AnnAssign, ast.Nonlocal, ast.Starred, ast.NamedExpr, ast.AsyncFunctionDef, ast.FunctionDef)
        self.assertEqual([type(node).__name__ for node in ast.walk(tree) if isinstance(node, newer)], [])
        self.assertEqual([node.cause for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.cause], [])

    def test_no_file_is_long(self):
        for path in [*sources(PYTHON_FOLDER), *sources(SAMPLE)]:
            with open(path, encoding="utf-8") as file:
                self.assertLess(len(file.readlines()), 400, path)
