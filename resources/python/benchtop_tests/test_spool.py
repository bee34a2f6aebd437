"""Nothing acknowledged is lost, nothing counts twice: kills, full disks, threads, forks, signals."""

import os
import signal
import subprocess
import sys
import threading
import unittest

from _benchtop.spool import Spool

from .support import Spooled, logged, read

START = "import benchtop, os, sys\n"
POSIX = os.name == "posix"


class Faults(Spooled):
    def test_a_reader_that_comes_at_any_time_takes_each_record_once(self):
        spool = Spool(self.spool, "r")
        taken, last = [], -1
        for index in range(200):
            spool.append("metrics", {"n": index})
            if index % 7 == 0:
                fresh = read(spool.path, last)
                taken += fresh
                last = fresh[-1]["seq"]
        taken += read(spool.path, last)
        self.assertEqual([record["n"] for record in taken], list(range(200)))

    @unittest.skipUnless(POSIX, "SIGKILL")
    def test_a_killed_script_loses_nothing_that_was_acknowledged(self):
        path = self.write("script.py", START + "for i in range(10**9):\n    benchtop.log({'i': i})\n    print(i, flush=True)")
        for lines in (1, 50, 400):
            child = subprocess.Popen([sys.executable, path], env=self.environment(), stdout=subprocess.PIPE, text=True)
            for _ in range(lines):
                child.stdout.readline()
            child.kill()
            acknowledged = lines + len(child.stdout.read().splitlines())
            child.stdout.close()
            child.wait()
            points = logged(self.records())
            self.assertEqual([values["i"] for _, values in points], list(range(len(points))))
            self.assertGreaterEqual(len(points), acknowledged)
            os.remove(self.files()[0])

    def test_os_exit_loses_nothing(self):
        self.run_script(START + "for i in range(100): benchtop.log({'i': i})\nos._exit(7)")
        self.assertEqual([values["i"] for _, values in logged(self.records())], list(range(100)))
        self.assertEqual(self.of_kind("finish"), [])

    @unittest.skipUnless(POSIX, "RLIMIT_FSIZE")
    def test_a_disk_that_fills_up_in_the_middle_of_a_line(self):
        self.run_script(
            START
            + "import resource\nbenchtop.init()\n"
            + "resource.setrlimit(resource.RLIMIT_FSIZE, (3333, resource.RLIM_INFINITY))\n"
            + "for i in range(100): benchtop.log({'i': i})\n"
            + "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n"
            + "benchtop.log({'i': 100})"
        )
        self.assertEqual([values["i"] for _, values in logged(self.records())], list(range(101)))
        with open(self.files()[0], "rb") as file:
            lines = file.read().split(b"\n")
        self.assertEqual(sum(1 for line in lines if line and not line.endswith(b"}")), 1, "a torn line was there to skip")

    @unittest.skipUnless(POSIX, "RLIMIT_FSIZE")
    def test_a_disk_that_stays_full_ends_nothing(self):
        done = self.run_script(
            START
            + "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
            + "for i in range(100): benchtop.log({'i': i})\nprint('trained')"
        )
        self.assertEqual((done.returncode, done.stdout), (0, "trained\n"))
        self.assertIn("records wait in memory", done.stderr)
        self.assertIn("records could not be written", done.stderr)

    def test_a_data_folder_that_cannot_be_made(self):
        self.home = self.write("blocked", "")
        done = self.run_script(START + "benchtop.log({'x': 1}); print('trained')")
        self.assertEqual((done.returncode, done.stdout), (0, "trained\n"))
        self.assertIn("records could not be written", done.stderr)

    def test_what_waits_is_bounded(self):
        with open(self.write("file", "")):
            spool = Spool(os.path.join(self.folder, "file", "spool"), "r")
        for _ in range(70):
            spool.append("params", {"values": {"x": "x" * 1000000}})
        self.assertGreater(spool.dropped, 0)
        self.assertLess(spool.drain() * 1000000, 65000000)

    @unittest.skipUnless(POSIX, "closing foreign descriptors")
    def test_a_script_that_closes_every_descriptor(self):
        self.run_script(
            START
            + "benchtop.log({'i': 0}); os.closerange(3, 256); other = open('other', 'w')\n"
            + "benchtop.log({'i': 1}); other.write('mine'); other.close()"
        )
        self.assertEqual([values["i"] for _, values in logged(self.records())], [0, 1])
        with open(os.path.join(self.folder, "other")) as file:
            self.assertEqual(file.read(), "mine")

    @unittest.skipUnless(POSIX, "removing an open file")
    def test_a_removed_file_is_started_anew_with_its_header(self):
        self.run_script(
            START + "run = benchtop.init(); benchtop.log({'i': 0})\n"
            "os.remove(run._spool.path); os.rmdir(os.path.dirname(run._spool.path)); benchtop.log({'i': 1})"
        )
        kinds = [(record["seq"], record["kind"]) for record in self.records()]
        self.assertEqual(kinds, [(0, "init"), (2, "metrics"), (3, "finish")])

    def test_the_files_are_the_users_alone(self):
        self.run_script(START + "open('a', 'w').write('x'); benchtop.log_artifact('a')")
        self.assertEqual(os.stat(self.files()[0]).st_mode & 0o077, 0)
        self.assertEqual(os.stat(self.spool).st_mode & 0o077, 0)


class Company(Spooled):
    def test_threads(self):
        spool = Spool(self.spool, "r")
        workers = [threading.Thread(target=self.fill, args=(spool, worker)) for worker in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        records = read(spool.path)
        self.assertEqual([record["seq"] for record in records], list(range(1600)))
        for worker in range(8):
            self.assertEqual([r["n"] for r in records if r["worker"] == worker], list(range(200)))

    def fill(self, spool, worker):
        for index in range(200):
            spool.append("metrics", {"worker": worker, "n": index})

    def test_threads_that_log_one_key_keep_its_steps_in_order(self):
        self.run_script(
            START
            + "import threading\nrun = benchtop.init(); sys.setswitchinterval(1e-6)\n"
            + "together = threading.Barrier(4)\n"
            + "def fill():\n    together.wait()\n    for _ in range(1000): run.log({'x': 1})\n"
            + "work = [threading.Thread(target=fill) for _ in range(4)]\n"
            + "[w.start() for w in work]; [w.join() for w in work]"
        )
        self.assertEqual([step for step, _ in logged(self.records())], list(range(4000)))

    def test_a_step_and_its_record_are_one_move(self):
        """A second thread that logs while the first is still finding out its step (a tensor's, on a device) comes after it."""
        self.run_script(
            START
            + "import threading\nrun = benchtop.init(); asked, done = threading.Event(), threading.Event()\n"
            + "class Slow:\n    def item(self):\n        asked.set(); done.wait(0.3); return 5\n"
            + "def other():\n    asked.wait(); run.log({'x': 2}); done.set()\n"
            + "thread = threading.Thread(target=other); thread.start()\nrun.log({'x': 1}, step=Slow()); thread.join()"
        )
        self.assertEqual(logged(self.records()), [(5, {"x": 1}), (6, {"x": 2})])

    @unittest.skipUnless(hasattr(os, "fork"), "fork")
    def test_a_forked_child_writes_and_ends_nothing(self):
        done = self.run_script(
            START
            + "benchtop.log({'i': 0})\npid = os.fork()\n"
            + "if pid == 0:\n    benchtop.log({'i': 99}); benchtop.log_params({'p': 1}); benchtop.finish(); sys.exit(0)\n"
            + "os.waitpid(pid, 0); benchtop.log({'i': 1})"
        )
        kinds = [record["kind"] for record in self.records()]
        self.assertEqual((done.returncode, kinds), (0, ["init", "metrics", "metrics", "finish"]))
        self.assertEqual(done.stderr.count("was forked"), 1)

    @unittest.skipUnless(hasattr(os, "fork"), "fork")
    def test_a_forked_child_may_start_a_run_of_its_own(self):
        self.run_script(
            START
            + "benchtop.log({'i': 0})\npid = os.fork()\n"
            + "if pid == 0:\n    benchtop.init(name='child'); benchtop.log({'i': 99}); sys.exit(0)\nos.waitpid(pid, 0)"
        )
        runs = sorted([(read(path)[0]["name"] or "", logged(read(path)), read(path)[-1]["kind"]) for path in self.files()])
        self.assertEqual(runs, [("", [(0, {"i": 0})], "finish"), ("child", [(0, {"i": 99})], "finish")])

    @unittest.skipUnless(hasattr(os, "fork"), "fork while another thread is writing")
    def test_forks_while_another_thread_logs(self):
        done = self.run_script(
            START
            + "import threading, time\nrun = benchtop.init(); stop = threading.Event()\n"
            + "def fill():\n    while not stop.is_set(): run.log({'x': 1})\n"
            + "worker = threading.Thread(target=fill); worker.start()\n"
            + "for _ in range(20):\n    pid = os.fork()\n    if pid == 0:\n        run.log({'y': 1}); run.finish(); os._exit(0)\n"
            + "    os.waitpid(pid, 0)\n"
            + "stop.set(); worker.join()"
        )
        self.assertEqual(done.returncode, 0)
        records = self.records()
        self.assertEqual([record["seq"] for record in records], list(range(len(records))))

    @unittest.skipUnless(hasattr(signal, "setitimer"), "timer signals")
    def test_a_signal_handler_that_logs_in_the_middle_of_a_call(self):
        done = self.run_script(
            START
            + "import signal, itertools\nrun = benchtop.init(); numbers = itertools.count(); count = []\n"
            + "def handle(*_):\n    run.log({'signal': next(numbers)}); count.append(1)\n"
            + "signal.signal(signal.SIGALRM, handle); signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)\n"
            + "i = 0\nwhile len(count) < 300:\n    run.log({'i': i}); i += 1\n"
            + "signal.setitimer(signal.ITIMER_REAL, 0); print(i, len(count))"
        )
        loops, signals = (int(text) for text in done.stdout.split())
        records = self.records()
        self.assertEqual([record["seq"] for record in records], list(range(loops + signals + 2)))
        points = logged(records)
        self.assertEqual([values["i"] for _, values in points if "i" in values], list(range(loops)))
        # A handler may itself be interrupted by the next one, so their order is free.
        self.assertEqual(sorted(values["signal"] for _, values in points if "signal" in values), list(range(signals)))
