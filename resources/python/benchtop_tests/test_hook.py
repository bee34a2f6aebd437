"""The start-up hook: what it captures, and that every script runs as it would without it."""

import glob
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest

from .support import HOOK_FOLDER, clean_environment


class Hooked(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = os.path.realpath(temporary.name)
        self.capture = os.path.join(self.folder, "capture")
        os.mkdir(self.capture)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def environment(self, hooked, path="", **more):
        folders = ([HOOK_FOLDER] if hooked else []) + ([path] if path else [])
        if hooked:
            more["BENCHTOP_CAPTURE_DIR"] = self.capture
        return clean_environment(PYTHONPATH=os.pathsep.join(folders), PYTHONDONTWRITEBYTECODE="1", **more)

    def run_python(self, *words, hooked=True, path="", **more):
        """(exit code, stdout, stderr) of Python with these words, in the test's folder."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=self.environment(hooked, path, **more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr

    def run_script(self, text, *arguments, **more):
        return self.run_python(self.write("script.py", text), *arguments, **more)

    def documents(self, kind):
        found = []
        for path in sorted(glob.glob(os.path.join(self.capture, kind + "-*.json"))):
            with open(path, encoding="ascii") as file:
                found.append(json.load(file))
        return found

    def parses(self):
        (document,) = self.documents("argparse")
        return document["parses"]

    def seeds(self):
        (document,) = self.documents("seeds")
        return [(call["library"], call["value"]) for call in document["seeds"]]


class Arguments(Hooked):
    def test_values_with_their_defaults(self):
        text = (
            "import argparse, pathlib, enum\n"
            "class Kind(enum.Enum):\n    A = 1\n"
            "p = argparse.ArgumentParser()\n"
            "p.add_argument('--lr', type=float, default=0.05); p.add_argument('--epochs', '-e', type=int, default=30)\n"
            "p.add_argument('--fast', action='store_true'); p.add_argument('--out', type=pathlib.Path, default='out')\n"
            "p.add_argument('--kind', type=lambda text: Kind[text], default=Kind.A); p.add_argument('data', nargs='*')\n"
            "p.add_argument('--run', default=print); p.add_argument('--limit', type=float, default=float('inf'))\n"
            "p.set_defaults(extra='x'); p.add_argument('--hidden-one', default=argparse.SUPPRESS)\n"
            "args = p.parse_args(); print(args.lr)"
        )
        self.assertEqual(self.run_script(text, "--lr", "0.1", "é", "b"), (0, "0.1\n", ""))
        (parse,) = self.parses()
        rest = {"epochs": 30, "fast": False, "out": "out", "kind": "A", "run": "builtins.print", "limit": "Infinity", "extra": "x"}
        self.assertEqual(parse["values"], {"lr": 0.1, "data": ["é", "b"], **rest})
        self.assertEqual(parse["defaults"], {"lr": 0.05, "data": None, **rest})
        self.assertEqual({name: parse["flags"][name] for name in ("lr", "epochs")}, {"lr": ["--lr"], "epochs": ["--epochs", "-e"]})
        picked = (parse["parser"], parse["command"], parse["from_command_line"], parse["unparsed"], parse["left_out"])
        self.assertEqual(picked, ("argparse", "script.py", True, [], []))
        (document,) = self.documents("argparse")
        self.assertEqual(document["argv"][1:], ["--lr", "0.1", "é", "b"])
        self.assertEqual((document["script"], document["cwd"]), (os.path.join(self.folder, "script.py"), self.folder))

    def test_parsing_twice_and_lists_of_the_programs_own(self):
        text = (
            "import argparse\np = argparse.ArgumentParser(); p.add_argument('--a', default=1)\n"
            "print(p.parse_known_args()); print(p.parse_args(['--a', 'x'])); print(p.parse_args(args=[]))"
        )
        code, out, _ = self.run_script(text, "--a", "2", "--b", "3")
        self.assertEqual((code, out), self.run_script(text, "--a", "2", "--b", "3", hooked=False)[:2])
        told = [(p["values"], p["unparsed"], p["from_command_line"]) for p in self.parses()]
        self.assertEqual(told, [({"a": "2"}, ["--b", "3"], True), ({"a": "x"}, [], False), ({"a": 1}, [], False)])

    def test_a_subclass_and_subparsers(self):
        text = (
            "import argparse\nclass Mine(argparse.ArgumentParser):\n"
            "    def parse_args(self, *a, **k):\n        args = super().parse_args(*a, **k); args.more = 1; return args\n"
            "p = Mine(); p.add_argument('--seed', default=3); s = p.add_subparsers(dest='verb')\n"
            "f = s.add_parser('fit'); f.add_argument('--lr', type=float, default=0.5); s.add_parser('test').add_argument('--lr', default=9)\n"
            "print(p.parse_args())"
        )
        self.assertEqual(self.run_script(text, "fit")[0], 0)
        (parse,) = self.parses()
        self.assertEqual(parse["values"], {"seed": 3, "verb": "fit", "lr": 0.5})
        self.assertEqual((parse["defaults"]["lr"], parse["flags"]["lr"]), (0.5, ["--lr"]))

    def test_objects_of_the_script_are_named_and_never_asked(self):
        text = (
            "import argparse\nclass Odd:\n"
            "    def __getattr__(self, name): print('asked', name); raise RuntimeError\n"
            "    def __repr__(self): print('repr'); return ''\n    def __eq__(self, other): print('eq'); return True\n    __hash__ = None\n"
            "p = argparse.ArgumentParser(); p.add_argument('--x', default=Odd()); p.add_argument('--y', default=[Odd(), {'k': 1}])\n"
            "p.parse_args()"
        )
        self.assertEqual(self.run_script(text)[:2], self.run_script(text, hooked=False)[:2])
        self.assertEqual(self.parses()[0]["values"], {"x": "<__main__.Odd>", "y": ["<__main__.Odd>", {"k": 1}]})

    def test_sizes_are_bounded(self):
        text = (
            "import argparse\np = argparse.ArgumentParser(); p.add_argument('--long', default='x' * 10**6)\n"
            "for i in range(400): p.add_argument('--o%d' % i, default='y' * 3000)\n"
            "p.add_argument('--deep'); d = []; [d.append([d])]; p.set_defaults(deep=d)\n"
            "for _ in range(100): p.parse_args()"
        )
        self.assertEqual(self.run_script(text), (0, "", ""))
        (path,) = glob.glob(os.path.join(self.capture, "*"))
        self.assertLess(os.path.getsize(path), 262144)
        parses = self.parses()
        self.assertEqual((len(parses), len(parses[0]["values"]["long"])), (16, 4000))
        self.assertEqual(len(parses[0]["left_out"]), 100)

    def test_a_module_and_help(self):
        self.write("pkg/__init__.py", "")
        self.write("pkg/train.py", "import argparse\np = argparse.ArgumentParser(); p.add_argument('--a'); p.parse_args()")
        self.assertEqual(self.run_python("-m", "pkg.train", "--a", "1")[0], 0)
        (document,) = self.documents("argparse")
        self.assertEqual((document["module"], document["parses"][0]["values"]), ("pkg.train", {"a": "1"}))
        self.assertEqual(self.run_python("-m", "pkg.train", "-h"), self.run_python("-m", "pkg.train", "-h", hooked=False))
        self.assertEqual(len(self.documents("argparse")), 1)

    @unittest.skipUnless(importlib.util.find_spec("click"), "click is not installed")
    def test_click(self):
        text = (
            "import click\n@click.group()\n@click.option('--seed', default=1)\ndef cli(seed): pass\n"
            "@cli.command()\n@click.option('--lr', '-l', default=0.5)\n@click.option('--key', hide_input=True, default='topsecret')\n"
            "@click.argument('data')\ndef fit(lr, key, data): print(lr, key, data)\ncli()"
        )
        self.assertEqual(self.run_script(text, "--seed", "4", "fit", "d.csv"), (0, "0.5 topsecret d.csv\n", ""))
        group, fit = self.parses()
        self.assertEqual((group["command"], group["values"], group["defaults"]), ("script.py", {"seed": 4}, {"seed": 1}))
        self.assertEqual(fit["command"], "script.py fit")
        self.assertEqual(fit["values"], {"lr": 0.5, "key": "***", "data": "d.csv"})
        self.assertEqual((fit["defaults"]["lr"], fit["flags"]["lr"]), (0.5, ["--lr", "-l"]))
        self.assertNotIn("topsecret", json.dumps(self.documents("argparse")))

    @unittest.skipUnless(importlib.util.find_spec("typer"), "typer is not installed")
    def test_typer(self):
        text = "import typer\ndef main(lr: float = 0.5, fast: bool = False): print(lr)\ntyper.run(main)"
        self.assertEqual(self.run_script(text, "--lr", "2"), (0, "2.0\n", ""))
        (parse,) = self.parses()
        self.assertEqual((parse["values"], parse["defaults"]), ({"lr": 2.0, "fast": False}, {"lr": 0.5, "fast": False}))
        self.assertEqual(parse["flags"], {"lr": ["--lr"], "fast": ["--fast", "--no-fast"]})


class Seeds(Hooked):
    def test_each_seed_once_in_order(self):
        text = (
            "import random\nrandom.seed(3); random.seed(3); random.seed(); random.seed(a='é'); random.seed(2**70); random.seed(3)\n"
            "from random import seed\nseed(0.5); random.Random(99)\nprint(random.random())"
        )
        self.assertEqual(self.run_script(text), self.run_script(text, hooked=False))
        self.assertEqual(self.seeds(), [("random", 3), ("random", "é"), ("random", str(2**70)), ("random", 0.5)])

    def test_as_many_as_fit(self):
        self.assertEqual(self.run_script("import random\nfor i in range(10000): random.seed(i)"), (0, "", ""))
        self.assertEqual(self.seeds(), [("random", i) for i in range(32)])

    @unittest.skipUnless(importlib.util.find_spec("numpy"), "numpy is not installed")
    def test_numpy(self):
        text = (
            "import numpy as np\nfrom numpy.random import seed\nnp.random.seed(5); print(np.random.rand()); seed(6); np.random.seed([1, 2])\n"
            "import pickle; print(np.random.rand(), pickle.loads(pickle.dumps(np.random.RandomState(1))).rand())"
        )
        self.assertEqual(self.run_script(text), self.run_script(text, hooked=False))
        self.assertEqual(self.seeds(), [("numpy", 5), ("numpy", 6), ("numpy", [1, 2])])

    @unittest.skipUnless(importlib.util.find_spec("torch"), "torch is not installed")
    def test_torch(self):
        text = (
            "import torch, pickle\nprint(torch.manual_seed(7).initial_seed(), torch.rand(1).item())\n"
            "torch.random.manual_seed(8); print(torch.rand(1).item(), pickle.loads(pickle.dumps(torch.manual_seed)) is torch.manual_seed)\n"
            "def f(x):\n    torch.manual_seed(9)\n    return x + torch.rand(1)\n"
            "print(torch.compile(f, backend='eager')(torch.zeros(1)).item())\n"
        )
        self.assertEqual(self.run_script(text)[:2], self.run_script(text, hooked=False)[:2])
        self.assertEqual(self.seeds()[:2], [("torch", 7), ("torch", 8)])


PARSE = "import argparse, random\np = argparse.ArgumentParser(); p.add_argument('--a', type=int)\nprint(p.parse_args().a); random.seed(1)\n"


class Harmless(Hooked):
    def same(self, text, *arguments, **more):
        """The script ends and prints alike with and without the hook."""
        with_hook = self.run_script(text, *arguments, **more)
        self.assertEqual(with_hook, self.run_script(text, *arguments, hooked=False, **more))
        return with_hook

    def test_the_script_sees_the_same_world(self):
        self.same(
            "import sys, argparse, random, inspect, importlib, pickle, os\nprint(sys.path, sys.argv, sys.flags)\n"
            "for m in (argparse, random):\n    print(m.__spec__.origin, m.__spec__.cached, m.__loader__ is m.__spec__.loader, type(m.__loader__), m.__file__)\n"
            "print(inspect.getsource(argparse.ArgumentParser) == '', inspect.signature(argparse.ArgumentParser.parse_args))\n"
            "print(argparse.ArgumentParser.parse_args.__qualname__, random.seed.__name__)\n"
            "importlib.reload(argparse); importlib.reload(random); print(argparse.ArgumentParser().parse_args([]))\n"
            "print(pickle.loads(pickle.dumps(random.Random(1))).random())"
        )

    def test_errors_and_exits(self):
        self.assertEqual(self.same(PARSE, "--a", "x")[0], 2)
        self.assertEqual(self.same(PARSE, "--help")[0], 0)
        self.same(PARSE + "raise ValueError('mine')", "--a", "1")
        for path in glob.glob(os.path.join(self.capture, "*")):
            os.remove(path)
        self.assertEqual(self.same(PARSE + "import sys; sys.stdout.flush(); import os; os._exit(7)", "--a", "1")[0], 7)
        self.assertEqual(self.seeds(), [("random", 1)])

    def test_a_script_folder_with_names_of_the_standard_library(self):
        for name in ("json", "tempfile", "datetime", "uuid", "pathlib"):
            self.write(name + ".py", "print('imported', __name__)\n")
        self.same("import sys\n" + PARSE, "--a", "1")
        self.assertEqual(self.parses()[0]["values"], {"a": 1})

    def test_an_argparse_of_the_scripts_own(self):
        self.write("argparse.py", "class ArgumentParser:\n    def parse_args(self): return 'odd'\n")
        self.same("import argparse; print(argparse.ArgumentParser().parse_args())")
        self.write("random.py", "x = 1")
        self.same("import random; print(random.x)")

    def test_multiprocessing(self):
        for method in ("spawn", "fork", "forkserver") if hasattr(os, "fork") else ("spawn",):
            text = (
                "import multiprocessing, argparse, random\n"
                "p = argparse.ArgumentParser(); p.add_argument('--a', default=1); args = p.parse_args()\n"
                "def work(n): random.seed(n); return n * 2\n"
                "if __name__ == '__main__':\n    multiprocessing.set_start_method(%r)\n    random.seed(77)\n"
                "    with multiprocessing.Pool(2) as pool: print(pool.map(work, range(4)))\n"
            )
            self.same(text % method)
        self.assertEqual({len(d["parses"]) for d in self.documents("argparse")}, {1})
        self.assertEqual(len(self.documents("argparse")), 3 if hasattr(os, "fork") else 1)
        self.assertEqual({str(d["seeds"][0]["value"]) + str(len(d["seeds"])) for d in self.documents("seeds")}, {"771"})

    @unittest.skipUnless(hasattr(os, "fork"), "fork")
    def test_a_bare_fork(self):
        self.same("import os, random, argparse\nrandom.seed(1)\n"
                  "if os.fork() == 0:\n    random.seed(2); argparse.ArgumentParser().parse_args([])\nelse: os.wait()\n")
        self.assertEqual((self.seeds(), self.documents("argparse")), ([("random", 1)], []))

    def test_switches_of_python_that_leave_it_out(self):
        path = self.write("script.py", PARSE)
        for switch in ("-S", "-I", "-E"):
            self.assertEqual(self.run_python(switch, path, "--a", "1"), self.run_python(switch, path, "--a", "1", hooked=False))
        self.assertEqual(os.listdir(self.capture), [])
        for switch in ("-O", "-B", "-u", "-s", "-Wignore"):
            self.assertEqual(self.run_python(switch, path, "--a", "1"), self.run_python(switch, path, "--a", "1", hooked=False))
        self.assertEqual(len(self.documents("argparse")), 5)

    def test_warnings_as_errors(self):
        path = self.write("script.py", PARSE)
        self.assertEqual(self.run_python("-Werror", "-bb", path, "--a", "1"), (0, "1\n", ""))

    def test_switched_off(self):
        self.same(PARSE, "--a", "1", BENCHTOP_HOOK="0")
        self.assertEqual(os.listdir(self.capture), [])

    def test_a_capture_folder_that_is_not_there(self):
        os.rmdir(self.capture)
        self.same(PARSE, "--a", "1")
        self.write("capture", "a file")
        self.same(PARSE, "--a", "1")

    def test_thousands_of_pythons_do_not_fill_the_folder(self):
        for index in range(256):
            self.write("capture/argparse-%d.json" % (10**8 + index), "{}")
        self.same(PARSE, "--a", "1")
        self.assertEqual(len(os.listdir(self.capture)), 256)

    def test_it_gives_way_to_the_sitecustomize_that_was_there(self):
        self.write("theirs/sitecustomize.py", "import argparse\nprint('theirs', __name__)\nmark = 1\n")
        theirs = os.path.join(self.folder, "theirs")
        text = "import sitecustomize; print(sitecustomize.mark, sitecustomize.__file__)\n" + PARSE
        self.assertIn("theirs sitecustomize", self.same(text, "--a", "1", path=theirs)[1])
        self.assertEqual(self.parses()[0]["values"], {"a": 1})
        for broken in ("raise ValueError('broken')", "import nosuchmodule", "x = ("):
            self.write("theirs/sitecustomize.py", broken)
            self.assertIn("sitecustomize", self.same(PARSE, "--a", "1", path=theirs)[2])

    def test_benchtop_is_there_unless_the_script_has_its_own(self):
        for switch in ("1", "0"):
            told = self.run_script("import benchtop; print(benchtop.init.__name__)", BENCHTOP_HOME=self.folder, BENCHTOP_HOOK=switch)
            self.assertEqual(told, (0, "init\n", ""))
        self.write("benchtop.py", "mine = 1")
        self.assertEqual(self.run_script("import benchtop; print(benchtop.mine)"), (0, "1\n", ""))

    def test_modules_that_are_not_there_stay_away(self):
        self.same("try:\n    import click.core.nothing\nexcept ImportError as e: print(e)\nimport sys; print('json' in sys.modules)")


if __name__ == "__main__":
    unittest.main()
