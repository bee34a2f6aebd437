"""benchtop.py as a script uses it: what its calls leave in the spool."""

import os
import subprocess
import sys
import unittest

from .support import Spooled, logged

START = "import benchtop, os, sys\n"


class Calls(Spooled):
    def test_a_whole_run(self):
        done = self.run_script(
            START
            + "with benchtop.init(experiment='e', name='first', config={'lr': 0.1, 'm': {'w': 3}}) as run:\n"
            + "    run.log({'loss': 0.5, 'val': {'acc': float('nan')}})\n"
            + "    benchtop.log({'loss': 0.25, 'big': float('-inf')}, step=5)\n"
            + "    run.set_tags({'team': 'é', 'n': 1})\n"
            + "    run.log_params({'lr': 0.2})\n"
            + "    print(run.id)\n",
            "--lr",
            "0.1",
        )
        records = self.records()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual([record["seq"] for record in records], list(range(7)))
        self.assertEqual({record["run"] for record in records}, {done.stdout.strip()})
        self.assertEqual(os.path.basename(self.files()[0]), done.stdout.strip() + ".jsonl")
        bodies = [{k: v for k, v in record.items() if k not in ("run", "seq", "time")} for record in records]
        self.assertEqual(
            bodies[1:],
            [
                {"kind": "params", "values": {"lr": 0.1, "m/w": 3}},
                {"kind": "metrics", "step": 0, "values": {"loss": 0.5, "val/acc": "NaN"}},
                {"kind": "metrics", "step": 5, "values": {"loss": 0.25, "big": "-Infinity"}},
                {"kind": "tags", "values": {"team": "é", "n": "1"}},
                {"kind": "params", "values": {"lr": 0.2}},
                {"kind": "finish", "status": "finished", "reason": "context", "error": None, "dropped": 0},
            ],
        )

    def test_the_header_says_who_logs(self):
        done = self.run_script(
            START + "benchtop.init(name='n'); print(os.getpid(), os.getppid())",
            "--lr",
            "ü",
            BENCHTOP_LAUNCH="l-7",
            RANK="1",
            WORLD_SIZE="2",
        )
        header = self.records()[0]
        process = header["process"]
        self.assertEqual([process["pid"], process["parent"]], [int(text) for text in done.stdout.split()])
        picked = [header[key] for key in ("seq", "kind", "format", "name", "experiment", "launch", "cwd", "notebook")]
        self.assertEqual(picked, [0, "init", 1, "n", None, "l-7", self.folder, None])
        self.assertEqual(header["rank"], {"rank": 1, "world_size": 2})
        self.assertEqual(header["argv"][1:], ["--lr", "ü"])
        self.assertEqual(header["script"], os.path.join(self.folder, "script.py"))

    @unittest.skipUnless(os.path.exists("/proc/self/stat"), "Linux says when a process began")
    def test_the_header_tells_this_process_from_a_later_one_of_its_number(self):
        script = START + "benchtop.init(); print(open('/proc/self/stat').read().rsplit(')', 1)[1].split()[19])"
        done = self.run_script(script)
        self.assertEqual(self.records()[0]["process"]["started_ticks"], int(done.stdout))

    def test_steps_go_on_by_key(self):
        self.run_script(
            START
            + "for loss in (3, 2):\n    benchtop.log({'loss': loss}); benchtop.log({'acc': -loss})\n"
            + "benchtop.log({'loss': 1}, step=10); benchtop.log({'loss': 0, 'acc': 0}); benchtop.log({'acc': 9}, step=None)"
        )
        self.assertEqual(
            logged(self.records()),
            [
                (0, {"loss": 3}),
                (0, {"acc": -3}),
                (1, {"loss": 2}),
                (1, {"acc": -2}),
                (10, {"loss": 1}),
                (11, {"loss": 0, "acc": 0}),
                (12, {"acc": 9}),
            ],
        )

    def test_what_is_no_number_is_said_once_and_the_rest_logged(self):
        done = self.run_script(
            START
            + "for _ in range(3): benchtop.log({'loss': 1, 'name': 'x', 'none': None})\n"
            + "benchtop.log(5); benchtop.log(None); benchtop.log({}); benchtop.log({'x': 1}, step='five')\n"
            + "benchtop.log_params('text'); benchtop.set_tags(7); print('trained')"
        )
        self.assertEqual((done.returncode, done.stdout), (0, "trained\n"))
        self.assertEqual([values for _, values in logged(self.records())], [{"loss": 1}] * 3 + [{"x": 1}])
        self.assertEqual(done.stderr.count("name is not a number"), 1)
        self.assertEqual(done.stderr.count("none is not a number"), 1)
        self.assertIn("expected a dictionary, got int", done.stderr)

    def test_warnings_as_errors_do_not_reach_the_training(self):
        done = self.run_script("import warnings; warnings.simplefilter('error')\n" + START + "benchtop.log({'a': 'b'})")
        self.assertEqual(done.returncode, 0)

    def test_odd_text_survives(self):
        self.run_script(START + r"benchtop.set_tags({'\u2028\n\0key': 'a\ud800b', '\U0001f600': 'x' * 3})")
        self.assertEqual(self.of_kind("tags")[0]["values"], {"\u2028\n\0key": "a?b", "\U0001f600": "xxx"})

    def test_a_text_of_megabytes_is_cut_with_a_notice(self):
        done = self.run_script(START + "benchtop.log_params({'text': 'x' * 4000000})")
        (record,) = self.of_kind("params")
        self.assertEqual((len(record["values"]["text"]), record["cut"]), (1000000, {"text": 4000000}))
        self.assertIn("text has 4000000 bytes; the first 1000000 are kept", done.stderr)


class Endings(Spooled):
    def ending(self, script: str, **more: str):
        done = self.run_script(START + script, **more)
        (record,) = self.of_kind("finish")
        return done.returncode, record["status"], record["reason"], record["error"]

    def test_the_end_of_the_script(self):
        self.assertEqual(self.ending("benchtop.init()"), (0, "finished", "exit", None))

    def test_an_uncaught_error(self):
        self.assertEqual(
            self.ending("benchtop.init()\nraise ValueError('bad shape')"), (1, "failed", "error", "ValueError: bad shape")
        )

    def test_an_uncaught_error_still_reaches_the_hook_that_was_there(self):
        script = "sys.excepthook = lambda *a: print('mine')\nbenchtop.init()\nraise ValueError('x')"
        done = self.run_script(START + script)
        self.assertEqual((done.stdout, done.stderr), ("mine\n", ""))

    def test_an_error_inside_with(self):
        script = "try:\n    with benchtop.init(): raise KeyError('k')\nexcept KeyError: pass"
        self.assertEqual(self.ending(script), (0, "failed", "context", "KeyError: 'k'"))

    def test_ctrl_c(self):
        self.assertEqual(self.ending("benchtop.init()\nraise KeyboardInterrupt")[1:3], ("killed", "error"))

    def test_a_quiet_exit_inside_with(self):
        self.assertEqual(self.ending("with benchtop.init(): sys.exit(0)")[:3], (0, "finished", "context"))
        for path in self.files():
            os.remove(path)
        self.assertEqual(self.ending("with benchtop.init(): sys.exit(3)")[:3], (3, "failed", "context"))

    def test_the_code_that_the_process_ends_with(self):
        main = "def main():\n    try:\n        import argparse; %s\n    finally:\n        print('closed')\nmain()"
        for leave, code, status, error in [
            ("sys.exit()", 0, "finished", None),
            ("sys.exit(None)", 0, "finished", None),
            ("sys.exit(0)", 0, "finished", None),
            ("sys.exit(1)", 1, "failed", "SystemExit: 1"),
            ("sys.exit('no such file')", 1, "failed", "SystemExit: no such file"),
            ("sys.exit('')", 1, "failed", "SystemExit: "),
            ("sys.exit(0.0)", 1, "failed", "SystemExit: 0.0"),
            ("sys.exit(130)", 130, "killed", "SystemExit: 130"),
            ("exit()", 0, "finished", None),
            ("exit(2)", 2, "failed", "SystemExit: 2"),
            ("quit(code=3)", 3, "failed", "SystemExit: 3"),
            ("argparse.ArgumentParser().parse_args(['--nothing'])", 2, "failed", "SystemExit: 2"),
            (main % "argparse.ArgumentParser().parse_args(['--help'])", 0, "finished", None),
            (main % "sys.exit(4)", 4, "failed", "SystemExit: 4"),
            ("import threading; one = threading.Thread(target=sys.exit, args=(5,)); one.start(); one.join()", 0, "finished", None),
            ("try: sys.exit(6)\nexcept SystemExit as error: print(error.code, error, repr(error))", 0, "finished", None),
            ("try: sys.exit(7)\nexcept BaseException as error: error.code = 8; raise", 8, "failed", "SystemExit: 8"),
            ("import os\npid = os.fork()\nif pid == 0: sys.exit(9)\nos.waitpid(pid, 0)", 0, "finished", None),
            ("before = sys.exit; sys.exit = lambda code: before(code + 1)\nsys.exit(9)", 10, "failed", "SystemExit: 10"),
        ]:
            with self.subTest(leave):
                self.assertEqual(self.ending("import argparse\nbenchtop.init()\n" + leave), (code, status, "exit", error))
            for path in self.files():
                os.remove(path)

    def test_leaving_is_what_it_was(self):
        script = """benchtop.init()
import multiprocessing, threading
print(repr(exit), sys.exit.__name__, sys.exit.__doc__.split("\\n")[0])
for leave in (sys.exit, exit):
    try: leave("word")
    except SystemExit as error: print(type(error).__name__, error.args, error.code, error, repr(error), isinstance(error, Exception))
try: sys.exit(1, 2)
except TypeError as error: print("TypeError")
child = multiprocessing.get_context("fork").Process(target=sys.exit, args=(7,)); child.start(); child.join()
print(child.exitcode)"""
        done = self.run_script(START + script)
        expected = self.run_script(START + script.replace("benchtop.init()\n", ""))
        self.assertEqual((done.stdout, done.stderr, done.returncode), (expected.stdout, expected.stderr, 0))
        self.assertIn("7", expected.stdout)

    def test_a_module_that_is_run(self):
        self.write("mine.py", "import sys, benchtop\nbenchtop.init()\nsys.exit(3)\n")
        done = subprocess.run([sys.executable, "-m", "mine"], cwd=self.folder, env=self.environment(), timeout=60)
        (record,) = self.of_kind("finish")
        self.assertEqual((done.returncode, record["status"]), (3, "failed"))

    def test_finish_takes_a_status_once(self):
        done = self.run_script(START + "benchtop.init(); benchtop.finish('FAILED'); benchtop.finish(); benchtop.log({'a': 1})")
        self.assertEqual([record["status"] for record in self.of_kind("finish")], ["failed"])
        self.assertEqual(self.records()[-1]["kind"], "finish")
        self.assertIn("the run is finished", done.stderr)

    def test_a_second_init_ends_the_first(self):
        self.run_script(START + "benchtop.init(name='a'); benchtop.init(name='b'); benchtop.log({'x': 1})")
        self.assertEqual(len(self.files()), 2)

    def test_a_deleted_working_folder(self):
        done = self.run_script(
            START + "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\nbenchtop.log({'x': 1}); print('trained')"
        )
        self.assertEqual((done.returncode, done.stdout, self.records()[0]["cwd"]), (0, "trained\n", None))


class Projects(Spooled):
    def project(self, call: str = "", **more: str):
        for path in self.files():
            os.remove(path)
        self.run_script(START + "benchtop.init(%s)" % call, **more)
        return self.records()[0]["project"]

    def test_where_a_run_belongs(self):
        none = {"selector": None, "folder": None}
        named = {"selector": "churn-3f2a", "folder": None}
        here = {"selector": None, "folder": self.folder}
        self.assertEqual(self.project(), none)
        self.assertEqual(self.project("'churn-3f2a'"), named)
        self.assertEqual(self.project("'http://127.0.0.1:5080/p/churn-3f2a'"), named)
        self.assertEqual(self.project(BENCHTOP_PROJECT="churn-3f2a"), named)
        self.assertEqual(self.project(BENCHTOP_URL="http://127.0.0.1:1/p/churn-3f2a/"), named)
        self.assertEqual(self.project(BENCHTOP_URL="http://127.0.0.1:1"), none)
        self.assertEqual(self.project("'.'"), here)
        os.mkdir(os.path.join(self.folder, ".benchtop"))
        self.assertEqual(self.project(), here)
        self.assertEqual(self.project("'churn-3f2a'"), named)
        self.assertEqual(self.project("5"), here if os.path.isdir(str(5)) else none)


class Artifacts(Spooled):
    def test_the_file_as_it_was(self):
        self.run_script(
            START
            + "open('m.txt', 'w').write('one'); benchtop.log_artifact('m.txt'); open('m.txt', 'w').write('two!')\n"
            + "benchtop.log_artifact('m.txt', 'models/é.txt')"
        )
        kept = [(r["name"], r["size"], self.content(r)) for r in self.of_kind("artifact")]
        self.assertEqual(kept, [("m.txt", 3, "one"), ("models/é.txt", 4, "two!")])

    def content(self, record):
        with open(os.path.join(self.spool, record["run"], record["file"]), encoding="utf-8") as file:
            return file.read()

    def test_a_folder_with_a_circle_and_a_pipe(self):
        self.run_script(
            START
            + "os.makedirs('out/deep'); open('out/a', 'w').write('A'); open('out/deep/b', 'w').write('B')\n"
            + "os.symlink('..', 'out/deep/up'); hasattr(os, 'mkfifo') and os.mkfifo('out/pipe')\n"
            + "benchtop.log_artifact('out/', name='kept')"
        )
        self.assertEqual([(r["name"], self.content(r)) for r in self.of_kind("artifact")], [("kept/a", "A"), ("kept/deep/b", "B")])

    def test_what_cannot_be_kept_is_said(self):
        done = self.run_script(
            START
            + "open('a', 'w').write('x'); benchtop.log_artifact('missing')\n"
            + "for name in ('../../etc/passwd', '/etc/passwd', 'a/../../b', 'C:\\\\x', 'a\\0'): benchtop.log_artifact('a', name)\n"
            + "benchtop.log_artifact(os.devnull); benchtop.log_artifact(None); print('trained')"
        )
        self.assertEqual((done.returncode, done.stdout, self.of_kind("artifact")), (0, "trained\n", []))
        self.assertIn("missing was not kept", done.stderr)
        self.assertIn("is not a regular file", done.stderr)
        self.assertIn("not a name within the run", done.stderr)
