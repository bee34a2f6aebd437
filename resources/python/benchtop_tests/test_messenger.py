"""Telling the backend: it is told of every record, and a script neither waits for it nor needs it."""

import http.server
import json
import os
import socket
import threading
import unittest

from .support import Spooled, logged, read

START = "import benchtop, os, sys\n"


class Backend:
    """A listener that does what a backend does with a poke: read the spool on from where it stands."""

    def __init__(self, spool):
        self.spool, self.taken, self.pokes, self.told, self.seen = spool, [], [], threading.Event(), None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.pokes.append((self.path, body))
                last = outer.taken[-1]["seq"] if outer.taken else -1
                outer.taken += read(os.path.join(outer.spool, body["run"] + ".jsonl"), last)
                if outer.seen and logged(outer.taken):
                    open(outer.seen, "w").close()
                self.send_response(204)
                self.end_headers()
                if outer.taken[-1]["kind"] == "finish":
                    outer.told.set()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Telling(Spooled):
    def start_backend(self):
        backend = Backend(self.spool)
        self.addCleanup(backend.close)
        return backend

    def lock(self, port):
        os.makedirs(self.home, exist_ok=True)
        with open(os.path.join(self.home, "backend.lock"), "w") as file:
            json.dump({"pid": 1, "port": port}, file)

    def test_each_record_arrives_once_by_pokes_alone(self):
        backend = self.start_backend()
        self.lock(backend.port)
        self.run_script(START + "import time\nfor i in range(20):\n    benchtop.log({'i': i}); time.sleep(0.03)")
        self.assertTrue(backend.told.wait(30))
        self.assertEqual([values["i"] for _, values in logged(backend.taken)], list(range(20)))
        self.assertEqual({path for path, _ in backend.pokes}, {"/spool/poke"})
        self.assertEqual(backend.pokes[-1][1], {"run": backend.taken[0]["run"], "seq": 21})

    def test_the_address_of_the_environment_is_taken_without_its_path(self):
        backend = self.start_backend()
        self.run_script(START + "benchtop.log({'i': 0})", BENCHTOP_URL="http://localhost:%d/p/x" % backend.port)
        self.assertTrue(backend.told.wait(30))
        self.assertEqual(backend.pokes[-1][0], "/spool/poke")

    def test_a_backend_that_comes_later_is_told_of_what_was_before(self):
        backend = self.start_backend()
        backend.seen = os.path.join(self.folder, "seen")
        lock = os.path.join(self.home, "backend.lock")
        done = self.run_script(
            START
            + "import json, time\nbenchtop.log({'i': 0}); time.sleep(0.3)\n"
            + "with open(%r, 'w') as file: json.dump({'port': %d}, file)\n" % (lock, backend.port)
            + "while not os.path.exists(%r): time.sleep(0.01)\n" % backend.seen
        )
        self.assertEqual(done.returncode, 0)
        self.assertTrue(backend.told.wait(30))
        self.assertEqual([record["kind"] for record in backend.taken], ["init", "metrics", "finish"])

    def test_many_records_are_few_pokes(self):
        backend = self.start_backend()
        self.lock(backend.port)
        self.run_script(START + "import time\nfor i in range(400): benchtop.log({'i': i}); time.sleep(0.002)")
        self.assertTrue(backend.told.wait(30))
        self.assertLess(len(backend.pokes), 200)
        self.assertEqual(len(logged(backend.taken)), 400)

    def test_a_backend_that_accepts_and_never_answers(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            self.lock(silent.getsockname()[1])
            done = self.run_script(START + "for i in range(100): benchtop.log({'i': i})\nprint('trained')")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "trained\n", ""))
        self.assertEqual(len(logged(self.records())), 100)

    def test_a_lock_file_that_makes_no_sense(self):
        os.makedirs(self.home)
        for text in ("", "{", "[]", '{"port": "x"}', '{"port": 99999999}', "\0\xff"):
            with open(os.path.join(self.home, "backend.lock"), "w") as file:
                file.write(text)
            done = self.run_script(START + "benchtop.log({'i': 0})")
            self.assertEqual((done.returncode, done.stderr), (0, ""), text)


if __name__ == "__main__":
    unittest.main()
