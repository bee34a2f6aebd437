"""The file that a run's records are appended to: one line a record, numbered, written before the call returns."""

import collections
import errno
import json
import os
import threading
import time
from typing import Any, Deque, Dict, Optional, Tuple

from .say import say

MAX_WAITING = 64000000  # bytes kept in memory while the disk refuses them
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Spool:
    """One run's spool file. `append` writes at once; what the disk refuses waits in memory for `drain`.

    A full disk can cut a line short. The next write then starts with a newline and repeats the record whole under the same
    number: a reader skips the torn line and, should only its newline have been missing, the repetition.
    """

    def __init__(self, folder: str, run: str) -> None:
        self.path = os.path.join(folder, run + ".jsonl")
        self.run = run
        self.next = 0
        self.dropped = 0
        self.trouble: Optional[OSError] = None
        self.closed = False
        self._lock = threading.RLock()
        self._busy = False
        self._incoming: Deque[Tuple[str, int, Dict[str, Any]]] = collections.deque()
        self._waiting: Deque[bytes] = collections.deque()
        self._waiting_bytes = 0
        self._header = b""
        self._descriptor: Optional[int] = None
        self._identity = (0, 0)
        self._torn = False

    def append(self, kind: str, fields: Dict[str, Any]) -> None:
        """Number the record and write it. Nothing happens once a "finish" was appended.

        A signal handler may call this while the same thread is in here already: its record is then left for the outer
        call, which writes it before it returns. A plain lock would never be released.
        """
        self._incoming.append((kind, int(time.time() * 1000), fields))
        with self._lock:
            while self._incoming and not self._busy:
                self._busy = True
                try:
                    while self._incoming:
                        self._number(*self._incoming.popleft())
                finally:
                    self._busy = False

    def drain(self) -> int:
        """Write what waits; the number of records that still do."""
        with self._lock:
            if not self._busy:
                self._drain()
            return len(self._waiting)

    def sync(self) -> None:
        """Ask the system to bring the file to the disk. Not under the lock: a slow disk must not hold up `append`."""
        descriptor = self._descriptor
        if descriptor is not None:
            try:
                os.fsync(descriptor)
            except OSError:
                pass

    def release(self) -> None:
        """Close the file, once nothing waits."""
        with self._lock:
            if self._descriptor is not None and not self._waiting and self._is_ours(self._descriptor):
                os.close(self._descriptor)
                self._descriptor = None

    def _number(self, kind: str, at: int, fields: Dict[str, Any]) -> None:
        if self.closed:
            return
        record = {"run": self.run, "seq": self.next, "kind": kind, "time": at}
        record.update(fields)
        if kind == "finish":
            record["dropped"] = self.dropped
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        line = text.encode("utf-8", "replace") + b"\n"
        # The number first: Ctrl-C between these lines may leave a gap, never two records of one number.
        self.next += 1
        if self.next == 1:
            self._header = line
        self.closed = kind == "finish"
        self._waiting.append(line)
        self._waiting_bytes += len(line)
        self._drain()

    def _drain(self) -> None:
        while self._waiting:
            line = self._waiting[0]
            try:
                self._write(line)
            except OSError as error:
                self.trouble = error
                say(("disk", self.run), "cannot write %s (%s); records wait in memory", self.path, error)
                self._shed()
                return
            self._waiting.popleft()
            self._waiting_bytes -= len(line)
        self.trouble = None

    def _shed(self) -> None:
        """Drop the oldest records past the bound, never the last: it may be the finish."""
        while self._waiting_bytes > MAX_WAITING and len(self._waiting) > 1:
            self._waiting_bytes -= len(self._waiting.popleft())
            self.dropped += 1

    def _write(self, line: bytes) -> None:
        descriptor = self._open(line)
        data = b"\n" + line if self._torn else line
        written = os.write(descriptor, data)
        if written < len(data):
            self._torn = self._torn or written > 0
            raise OSError(errno.ENOSPC, "the line was cut short")
        self._torn = False

    def _is_ours(self, descriptor: int) -> bool:
        try:
            status = os.fstat(descriptor)
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self._identity

    def _open(self, line: bytes) -> int:
        """The file's descriptor, reopened when a script closed all descriptors or someone removed the file."""
        if self._descriptor is not None:
            if self._is_ours(self._descriptor):
                if os.fstat(self._descriptor).st_nlink > 0:
                    return self._descriptor
                os.close(self._descriptor)
            self._descriptor = None
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        descriptor = os.open(self.path, _FLAGS, 0o600)
        status = os.fstat(descriptor)
        self._identity = (status.st_dev, status.st_ino)
        self._descriptor = descriptor
        # A file that is there already was ours before: its last line may be torn. A blank line costs nothing.
        self._torn = status.st_size > 0
        if status.st_size == 0 and line is not self._header:
            try:
                self._write(self._header)
            except OSError:
                os.close(descriptor)
                self._descriptor = None
                raise
        return descriptor
