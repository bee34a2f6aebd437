"""Log a run to Benchtop from any Python 3.9+ script or notebook, with the standard library alone.

    import benchtop

    with benchtop.init(name="first try", config={"lr": 0.1}) as run:
        for epoch in range(10):
            run.log({"loss": 1 / (epoch + 1)})

Each record is appended to the run's own file in the user's data folder before the call returns, so that a killed script
loses nothing, whether Benchtop is open or not. A background thread tells an open Benchtop to read that file. SPOOL.md says
what the file holds and why each record counts once. No function here raises into the training or waits for Benchtop: what
cannot be recorded is said once, by the logger named "benchtop".
"""

import atexit
import os
import sys
import threading
import uuid
from typing import Any, Dict, Optional

from _benchtop import leaving
from _benchtop.facts import data_folder, header
from _benchtop.keep import artifact_name, files_of, keep
from _benchtop.messenger import Messenger
from _benchtop.say import safe, say
from _benchtop.spool import Spool
from _benchtop.values import flat, number, parts, plain

__all__ = ["Run", "finish", "init", "log", "log_artifact", "log_params", "set_tags"]

_STATUS = {
    "finished": "finished",
    "success": "finished",
    "failed": "failed",
    "error": "failed",
    "killed": "killed",
    "stopped": "killed",
}
_LAST_WORDS = 0.5  # seconds that the end of a run waits for its last message

_current: Optional["Run"] = None
_previous_hook: Any = None


class Run:
    """One run. Its methods may be called from any thread; a forked child's calls are ignored (it owns no run)."""

    def __init__(self, project: Any = None, experiment: Any = None, name: Any = None) -> None:
        self.id = uuid.uuid4().hex
        self._pid = os.getpid()
        self._folder = os.path.join(data_folder(), "spool")
        self._spool = Spool(self._folder, self.id)
        self._steps: Dict[str, int] = {}
        self._steps_lock = threading.RLock()
        self._files = 0
        self._error: Optional[str] = None
        self._spool.append("init", header(project, experiment, name))
        self._messenger: Optional[Messenger] = None
        try:
            self._messenger = Messenger(self._spool)
            self._messenger.wake()
        except RuntimeError:
            pass  # no thread to be had: the spool stands, and is read when Benchtop looks

    @safe
    def log(self, values: Any, step: Any = None) -> None:
        """Log numbers at a step. Without one, each key goes on from its own last step (keys logged together stay together)."""
        if not self._mine():
            return
        numbers: Dict[str, Any] = {}
        for key, value in flat(values):
            try:
                numbers[key] = number(value)
            except (TypeError, ValueError, RuntimeError, OverflowError) as error:
                kind = type(value).__name__
                say(("number", key), "%s is not a number (%s: %s) and was not logged", key, kind, error)
        if not numbers:
            return
        # Step and record under one lock, or two threads that log one key would write its steps out of order.
        with self._steps_lock:
            at = self._step(numbers, step)
            for part, _ in parts(numbers):
                self._write("metrics", {"step": at, "values": part})

    @safe
    def log_params(self, values: Any) -> None:
        """Record parameters. Nested mappings are flattened with slashes; a later value of a key replaces the earlier."""
        self._texts("params", {key: plain(value) for key, value in flat(values)} if self._mine() else {})

    @safe
    def set_tags(self, values: Any) -> None:
        """Record tags, as text."""
        self._texts("tags", {key: str(value) for key, value in flat(values)} if self._mine() else {})

    @safe
    def log_artifact(self, path: Any, name: Optional[str] = None) -> None:
        """Keep a copy of a file, or of a folder's files, as it is now. `name` is its path in the run (its own by default)."""
        if not self._mine():
            return
        source = os.path.expanduser(os.fspath(path))
        base = artifact_name(name or os.path.basename(os.path.normpath(os.path.abspath(source))))
        for file, inside in files_of(source, base):
            self._files += 1
            stored = str(self._files)
            try:
                facts = keep(file, os.path.join(self._folder, self.id, stored))
            except OSError as error:
                say(("artifact", file), "%s was not kept: %s", file, error)
                continue
            self._write("artifact", {"name": inside, "file": stored, "source": os.path.abspath(file), **facts})

    @safe
    def finish(self, status: str = "finished") -> None:
        """End the run as "finished", "failed" or "killed". A second call does nothing."""
        self._end(str(status), "call")

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        if kind is not None:
            self._note(kind, value)
        stopped = kind is not None and issubclass(kind, KeyboardInterrupt)
        quiet = kind is None or (issubclass(kind, SystemExit) and leaving.is_quiet(getattr(value, "code", 1)))
        safe(self._end)("finished" if quiet else "killed" if stopped else "failed", "context")

    def _note(self, kind: Any, value: Any) -> None:
        try:
            self._error = ("%s: %s" % (kind.__name__, value))[:10000]
        except Exception:
            self._error = kind.__name__

    def _mine(self) -> bool:
        if os.getpid() != self._pid:
            say(("fork", os.getpid()), "this process was forked from the one that owns the run; what it logs is left out")
            return False
        if self._spool.closed:
            say(("closed", self.id), "the run is finished; what is logged after that is left out")
            return False
        return True

    def _step(self, numbers: Dict[str, Any], step: Any) -> int:
        """The call's step, remembered for each key."""
        at = None
        if step is not None:
            try:
                at = int(step.item() if hasattr(step, "item") else step)
                if not -(2**63) <= at < 2**63:
                    raise ValueError("beyond 64 bits")
            except (TypeError, ValueError, RuntimeError, OverflowError) as error:
                say("step", "%r is not a step (%s); the next one is used", step, error)
                at = None
        if at is None:
            at = max(self._steps.get(key, 0) for key in numbers)
        for key in numbers:
            self._steps[key] = at + 1
        return at

    def _texts(self, kind: str, values: Dict[str, Any]) -> None:
        for part, cut in parts(values):
            self._write(kind, {"values": part, **({"cut": cut} if cut else {})})

    def _write(self, kind: str, fields: Dict[str, Any]) -> None:
        self._spool.append(kind, fields)
        if self._messenger is not None:
            self._messenger.wake()

    def _end(self, status: str, reason: str) -> None:
        if os.getpid() != self._pid or self._spool.closed:
            return
        known = _STATUS.get(status.lower())
        if known is None:
            say(("status", status), '%r is no status ("finished", "failed", "killed"); "finished" is used', status)
        self._spool.append("finish", {"status": known or "finished", "reason": reason, "error": self._error})
        if self._messenger is not None:
            self._messenger.close(_LAST_WORDS)
        waiting = self._spool.drain()
        if waiting:
            say(("lost", self.id), "%d records could not be written: %s", waiting, self._spool.trouble)
        self._spool.release()


def init(project: Any = None, experiment: Any = None, name: Any = None, config: Any = None) -> Run:
    """Start a run and make it the current one; the one before it is finished.

    `project`: a folder, a project's short name or its address; by default the nearest project upwards of the working
    folder. `config`: parameters, as `log_params` takes them. Under `benchtop run` the launched run itself is continued.
    """
    global _current
    if _current is not None:
        safe(_current._end)("finished", "next")
    run = _current = Run(project, experiment, name)
    _watch()
    if config is not None:
        run.log_params(config)
    return run


def _active() -> Run:
    return init() if _current is None else _current


def log(values: Any, step: Any = None) -> None:
    """Log numbers to the current run (one is started when there is none); see Run.log."""
    _active().log(values, step)


def log_params(values: Any) -> None:
    """Record parameters of the current run; see Run.log_params."""
    _active().log_params(values)


def set_tags(values: Any) -> None:
    """Record tags of the current run; see Run.set_tags."""
    _active().set_tags(values)


def log_artifact(path: Any, name: Optional[str] = None) -> None:
    """Keep a copy of a file or folder with the current run; see Run.log_artifact."""
    _active().log_artifact(path, name)


def finish(status: str = "finished") -> None:
    """End the current run, if there is one; see Run.finish."""
    if _current is not None:
        _current.finish(status)


def _watch() -> None:
    """Notice how the process ends: an uncaught error or `sys.exit(1)` fails the current run, any other end finishes it."""
    global _previous_hook
    if _previous_hook is None:
        _previous_hook = sys.excepthook
        sys.excepthook = _on_error
        atexit.register(_on_exit)
        leaving.watch()


def _on_error(kind: Any, value: Any, trace: Any) -> None:
    if _current is not None and not _current._spool.closed:
        _current._note(kind, value)
        safe(_current._end)("killed" if issubclass(kind, KeyboardInterrupt) else "failed", "error")
    _previous_hook(kind, value, trace)


def _on_exit() -> None:
    if _current is None:
        return
    code = leaving.code()
    if leaving.is_quiet(code):
        safe(_current._end)("finished", "exit")
    else:
        _current._note(SystemExit, code)
        # As shells number what a signal ended: Ctrl-C and a polite kill.
        safe(_current._end)("killed" if code in (130, 143) else "failed", "exit")
