"""Which code the process ends with, for Python tells it to nobody: SystemExit passes sys.excepthook by.

`sys.exit` and the `exit()` of a prompt raise a SystemExit whose `code` notices who asks for it. The interpreter asks once,
from no Python frame, for one that nobody caught, and just before the functions of `atexit` are called. A bare
`raise SystemExit(1)` is not seen.
"""

import builtins
import functools
import sys
import threading
from typing import Any, Callable, Optional

_codes = []


def code() -> Any:
    """What the interpreter ends with; None is a quiet end, and what is not known."""
    return _codes[-1] if _codes else None


def is_quiet(value: Any) -> bool:
    """Whether a code of SystemExit makes the process end with 0: None and the number 0, but no text and no 0.0."""
    return value is None or (isinstance(value, int) and value == 0)


def watch() -> None:
    """From now on, notice. Once for a process."""
    sys.exit = _told(sys.exit)
    for name in ("exit", "quit"):
        there = getattr(builtins, name, None)
        if type(there).__name__ == "Quitter":
            setattr(builtins, name, _Quitter(there))


class _Told(SystemExit):
    _code: Any = None

    def _get(self) -> Any:
        if _caller() is None:
            _codes.append(self._code)
        return self._code

    def _set(self, value: Any) -> None:
        self._code = value

    code = property(_get, _set)


# Whoever prints the kind of an exception sees what it has always been.
_Told.__name__ = _Told.__qualname__ = "SystemExit"
_Told.__module__ = "builtins"


def _caller() -> Optional[Any]:
    """The Python frame that asked for the code; None for the interpreter itself."""
    try:
        return sys._getframe(2)
    except ValueError:
        return None
    except AttributeError:  # no frames here: never claim to know
        return _caller


def _told(leave: Callable) -> Callable:
    @functools.wraps(leave)
    def leaving(*arguments: Any) -> Any:
        try:
            return leave(*arguments)
        except SystemExit as error:
            # In another thread it ends that thread alone, which takes it by its exact type.
            if type(error) is not SystemExit or threading.current_thread() is not threading.main_thread():
                raise
            told = _Told(*error.args)
            told.code = error.code
        raise told

    return leaving


class _Quitter:
    """The `exit` of a prompt as it was, but for what it raises."""

    def __init__(self, before: Any) -> None:
        self._before = before
        self._leave = _told(before)

    def __repr__(self) -> str:
        return repr(self._before)

    def __call__(self, code: Any = None) -> Any:
        return self._leave(code)
