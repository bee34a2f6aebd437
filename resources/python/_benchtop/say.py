"""Trouble is said once and never raised: a training must not end because its log could not be kept."""

import functools
import logging
from typing import Any, Callable

_logger = logging.getLogger("benchtop")
_said = set()
_MOST = 1000


def say(key: Any, text: str, *values: Any) -> None:
    """Warn once for each key. Through `logging` rather than `warnings`: `python -W error` would make those raise."""
    if key not in _said and len(_said) < _MOST:
        _said.add(key)
        _logger.warning("benchtop: " + text, *values)


def safe(function: Callable) -> Callable:
    """The function, except that whatever goes wrong in it becomes a warning, and None is returned."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            name = function.__name__
            say((name, type(error)), "%s was not recorded: %s: %s", name, type(error).__name__, error)
            return None

    return guarded
