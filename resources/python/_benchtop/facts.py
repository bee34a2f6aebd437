"""What a run's first record says of the process that logs it."""

import os
import socket
import sys
from typing import Any, Callable, Dict, Optional
from urllib.parse import urlsplit

from .say import say

FORMAT = 1


def data_folder() -> str:
    """The user's folder for Benchtop: BENCHTOP_HOME, else the platform's place for application data."""
    if os.environ.get("BENCHTOP_HOME"):
        return os.path.abspath(os.environ["BENCHTOP_HOME"])
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "Benchtop")
    if os.name == "nt":
        return os.path.join(os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local"), "Benchtop")
    return os.path.join(os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share"), "benchtop")


def _read(path: str) -> Optional[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(65536)
    except OSError:
        return None


def process() -> Dict[str, Any]:
    """Who this process is. On Linux exact enough that a later process of the same number is not taken for it."""
    status = _read("/proc/self/stat")
    try:
        namespace = os.readlink("/proc/self/ns/pid")
    except OSError:
        namespace = None
    return {
        "pid": os.getpid(),
        "parent": os.getppid(),
        # The command's name stands in parentheses and may hold any character: count from the last one.
        "started_ticks": int(status.rsplit(")", 1)[1].split()[19]) if status else None,
        "boot": (_read("/proc/sys/kernel/random/boot_id") or "").strip() or None,
        "pid_namespace": namespace,
        "host": socket.gethostname(),
    }


def script() -> Optional[str]:
    """The main script's absolute path; None in a notebook or at a prompt."""
    path = getattr(sys.modules.get("__main__"), "__file__", None)
    return os.path.abspath(path) if isinstance(path, str) else None


def notebook() -> Optional[str]:
    """The notebook's path where Jupyter or VS Code says it."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None:
        return None
    return getattr(shell, "user_ns", {}).get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")


def ranks() -> Optional[Dict[str, int]]:
    """This process's place among those of a distributed training, as torchrun and its kin say it."""
    found = {name.lower(): os.environ.get(name, "") for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE")}
    return {name: int(text) for name, text in found.items() if text.isdigit()} or None


def _marked_folder(start: str) -> Optional[str]:
    """The nearest folder from `start` upwards that is a Benchtop project."""
    folder = os.path.abspath(start)
    while not os.path.isdir(os.path.join(folder, ".benchtop")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def project(asked: Any) -> Dict[str, Optional[str]]:
    """Where the run belongs: {selector: the project's short name or None, folder: its absolute path or None}.

    `asked` is a folder, a short name, or an address that ends in /p/<short name>; without it BENCHTOP_PROJECT, then the
    address in BENCHTOP_URL, then the nearest folder upwards of the working folder or the script that holds `.benchtop`.
    """
    text = os.fsdecode(asked or os.environ.get("BENCHTOP_PROJECT") or "")
    if not text:
        address = urlsplit(os.environ.get("BENCHTOP_URL", "")).path
        text = address if "/p/" in address else ""
    if "/p/" in text and (text.startswith("/p/") or "://" in text):
        return {"selector": text.split("/p/", 1)[1].split("/")[0], "folder": None}
    if text:
        folder = os.path.abspath(os.path.expanduser(text)) if os.path.isdir(os.path.expanduser(text)) else None
        return {"selector": None if folder else text, "folder": folder}
    return {"selector": None, "folder": _marked_folder(os.getcwd()) or _marked_folder(os.path.dirname(script() or "."))}


def _try(function: Callable, *arguments: Any) -> Any:
    """The function's value, or None: a fact that cannot be had (a deleted working folder) costs the others nothing."""
    try:
        return function(*arguments)
    except Exception as error:
        say((function, type(error)), "one fact of the run is missing: %s: %s", type(error).__name__, error)
        return None


def header(asked: Any, experiment: Any, name: Any) -> Dict[str, Any]:
    """The fields of a run's first record; SPOOL.md says what each means. Never raises."""
    return {
        "format": FORMAT,
        "client": "benchtop.py/1",
        "project": _try(project, asked) or {"selector": None, "folder": None},
        "experiment": None if experiment is None else (_try(str, experiment) or "")[:250] or None,
        "name": None if name is None else (_try(str, name) or "")[:250] or None,
        "launch": os.environ.get("BENCHTOP_LAUNCH") or None,
        "process": _try(process) or {"pid": os.getpid()},
        "rank": ranks(),
        "cwd": _try(os.getcwd),
        "argv": [str(word)[:2000] for word in getattr(sys, "argv", [])[:500]],
        "script": _try(script),
        "notebook": _try(notebook),
        "python": {
            "version": sys.version.split()[0],
            "implementation": sys.implementation.name,
            "executable": sys.executable,
            "prefix": sys.prefix,
        },
    }
