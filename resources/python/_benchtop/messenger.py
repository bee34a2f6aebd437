"""The background thread that brings a spool file to the disk and tells a running Benchtop to read it."""

import json
import os
import queue
import socket
import threading
import time
from typing import Optional, Tuple
from urllib.parse import urlsplit

from .facts import data_folder
from .spool import Spool

SYNC_SECONDS = 5.0  # at most so much is lost when the machine, rather than the script, stops
POKE_SECONDS = 0.1
REPLY_SECONDS = 1.0
LONGEST_PAUSE = 5.0


def backend_address() -> Optional[Tuple[str, int]]:
    """(host, port) of the backend: from BENCHTOP_URL, else its lock file in the data folder, else None."""
    url = os.environ.get("BENCHTOP_URL")
    try:
        if url:
            address = urlsplit(url)
            return (address.hostname or "127.0.0.1", address.port or 80)
        with open(os.path.join(data_folder(), "backend.lock"), encoding="utf-8") as file:
            return ("127.0.0.1", int(json.load(file)["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def poke(run: str, sequence: int) -> bool:
    """POST /spool/poke {"run", "seq"}: whether a backend took it. A bare socket: http.client takes 30 ms to import."""
    address = backend_address()
    if address is None:
        return False
    body = json.dumps({"run": run, "seq": sequence}).encode()
    host = "[%s]" % address[0] if ":" in address[0] else address[0]
    head = (
        "POST /spool/poke HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\nConnection: close\r\n\r\n" % (host, address[1], len(body))
    )
    try:
        with socket.create_connection(address, timeout=REPLY_SECONDS) as connection:
            connection.sendall(head.encode("ascii") + body)
            return connection.recv(64).split(b" ")[1][:1] == b"2"
    except (OSError, IndexError, ValueError, OverflowError):
        return False


class Messenger:
    """A daemon thread for one spool. `wake` says there is something new; `close` waits a moment for the last of it."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        # Not an Event: its lock is not re-entrant, and a signal handler may log while its thread is in `wake`.
        self._news: "queue.SimpleQueue" = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="benchtop", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that there is something new. Costs under a microsecond while the thread has not yet looked."""
        if self._news.empty():
            self._news.put(None)

    def close(self, seconds: float) -> None:
        """End the thread after one last message; wait for that at most so many seconds."""
        self._stop.set()
        self._news.put(None)
        self._thread.join(seconds)

    def _work(self) -> None:
        spool, told, synced = self._spool, -1, -1
        pause, tell_at, sync_at = 0.0, 0.0, time.monotonic() + SYNC_SECONDS
        while True:
            last, due = spool.next - 1, []
            if last != told:
                due.append(tell_at)
            if last != synced:
                due.append(sync_at)
            if spool.trouble is not None:
                due.append(time.monotonic() + 1.0)
            try:
                self._news.get(timeout=max(0.0, min(due) - time.monotonic()) if due else None)
            except queue.Empty:
                pass
            # Many records in a short time are one message. Ends at once when the run does.
            self._stop.wait(POKE_SECONDS)
            ending = self._stop.is_set()
            if spool.trouble is not None:
                spool.drain()
            last, now = spool.next - 1, time.monotonic()
            if last != told and (ending or now >= tell_at):
                if poke(spool.run, last):
                    told, pause = last, 0.0
                else:
                    pause = min(LONGEST_PAUSE, pause * 2 + 0.5)
                tell_at = time.monotonic() + pause
            if last != synced and (ending or now >= sync_at):
                spool.sync()
                synced, sync_at = last, time.monotonic() + SYNC_SECONDS
            if ending:
                return
