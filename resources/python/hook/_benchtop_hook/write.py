"""Values as bounded JSON, and files written whole. Imports nothing that a script's own folder could stand in for."""

import os
import sys
import time

import _benchtop_hook

MAX_TEXT = 4000  # characters of one text
MAX_ITEMS = 500  # of one list or mapping
MAX_BYTES = 262144  # of one file
MAX_FILES = 256  # in the capture folder: a script may start thousands of Pythons
MAX_DEPTH = 6

_started = set()


def is_main():
    """Whether this process is a script's own: not a fork of it, nor one of the workers of multiprocessing or joblib."""
    if os.getpid() != _benchtop_hook._pid:
        return False
    main = getattr(getattr(sys.modules.get("__main__"), "__spec__", None), "name", None) or ""
    if main.split(".")[0] in ("multiprocessing", "joblib"):
        return False
    process = sys.modules.get("multiprocessing.process")
    if process is None:
        return True
    # The fork server has no parent in this sense, but is "inheriting" while it runs the script's module.
    parent = getattr(process, "parent_process", lambda: None)()
    return parent is None and not getattr(process.current_process(), "_inheriting", False)


def now():
    """Milliseconds since 1970."""
    return int(time.time() * 1000)


def text_of(value):
    """A text as a plain `str` of at most MAX_TEXT characters."""
    return str.__getitem__(value, slice(0, MAX_TEXT))


def type_of(value):
    kind = value if isinstance(value, type) else type(value)
    return "<" + text_of("%s.%s" % (kind.__module__, kind.__qualname__)) + ">"


def safe(value, depth=0):
    """The value as None, bool, int, float, str, list or dict. Calls no code of the script's own: no repr, no str."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, int):
        return int.__index__(value) if -(2**53) <= value <= 2**53 else int.__repr__(value)[:MAX_TEXT]
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, bytes):
        return text_of(bytes.__repr__(value[:MAX_TEXT]))
    if depth < MAX_DEPTH:
        if isinstance(value, dict):
            return {text_of(k) if isinstance(k, str) else type_of(k): safe(v, depth + 1) for k, v in first(dict.items(value))}
        for kind in (list, tuple, set, frozenset):
            if isinstance(value, kind):
                return [safe(item, depth + 1) for item in first(kind.__iter__(value))]
        if type(value).__name__ == "Namespace" and type(value).__module__ == "argparse":
            return safe(vars(value), depth + 1)
    return _known(value)


def first(items):
    """At most MAX_ITEMS of them."""
    taken = []
    for item in items:
        if len(taken) == MAX_ITEMS:
            break
        taken.append(item)
    return taken


def _known(value):
    """Texts of types whose str() is known to be short and harmless; the type's name for any other."""
    kind = type(value)
    module, name = kind.__module__, kind.__name__
    if isinstance(value, type) or name in ("function", "builtin_function_or_method"):
        return text_of("%s.%s" % (value.__module__, value.__qualname__))
    if module.split(".")[0] in ("pathlib", "datetime", "decimal", "fractions", "uuid", "ipaddress"):
        return text_of(str(value))
    if module == "torch" and name in ("device", "dtype"):
        return text_of(str(value))
    if module == "numpy" and getattr(value, "shape", None) == ():
        return safe(value.item(), MAX_DEPTH)
    if module in ("_io", "io") and isinstance(getattr(value, "name", None), str):
        return text_of(value.name)
    if "_member_map_" in kind.__dict__ and isinstance(vars(value).get("_name_"), str):
        return text_of(value._name_)
    return type_of(value)


def encode(value):
    """JSON in ASCII of what `safe` gives, NaN and infinities as texts."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value:
            return '"NaN"'
        if value in (float("inf"), float("-inf")):
            return '"Infinity"' if value > 0 else '"-Infinity"'
        return float.__repr__(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, str):
        return '"' + "".join([_escape(letter) for letter in value]) + '"'
    if isinstance(value, dict):
        return "{" + ",".join([encode(key) + ":" + encode(item) for key, item in value.items()]) + "}"
    return "[" + ",".join([encode(item) for item in value]) + "]"


def _escape(letter):
    code = ord(letter)
    if 32 <= code < 127 and letter not in '"\\':
        return letter
    if 0xD800 <= code < 0xE000:
        return "?"  # half a pair: no valid text
    if code < 0x10000:
        return "\\u%04x" % code
    code -= 0x10000
    return "\\u%04x\\u%04x" % (0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))


def store(kind, fields):
    """Write <kind>-<pid>.json: as it was or as it is now, never half. Too long a document is not written."""
    folder, pid = _benchtop_hook._folder, os.getpid()
    if kind not in _started:
        if len(os.listdir(folder)) >= MAX_FILES:
            return
        _started.add(kind)
    document = {"format": 1, "kind": kind, "time": now()}
    document.update(_process())
    document.update(fields)
    data = encode(document).encode("ascii")
    if len(data) > MAX_BYTES:
        return
    path = os.path.join(folder, "%s-%d.json" % (kind, pid))
    partial = os.path.join(folder, ".%s-%d.part" % (kind, pid))
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    finally:
        os.close(descriptor)
    os.replace(partial, path)


def _process():
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    ranks = {name.lower(): os.environ.get(name, "") for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE")}
    return {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "script": text_of(os.path.abspath(file)) if isinstance(file, str) else None,
        "module": getattr(getattr(main, "__spec__", None), "name", None),
        "cwd": text_of(os.getcwd()),
        "argv": [text_of(word) for word in first(getattr(sys, "argv", []))],
        "python": text_of(sys.executable or ""),
        "rank": {name: int(text) for name, text in ranks.items() if text.isdigit()} or None,
    }
