"""What a script hands us, as values that JSON can carry: numbers, texts, flat keys, bounded sizes."""

import argparse
import dataclasses
import hashlib
import json
import math
import types
from collections.abc import Mapping
from typing import Any, Dict, Iterator, Tuple

from .say import say

MAX_KEY = 250  # characters: MLflow's limit, so that a run can leave for MLflow unchanged
MAX_TEXT = 1000000  # bytes of one value; the rest is cut, and the record says so
MAX_RECORD = 2000000  # bytes of values after which one call becomes several records
MAX_DEPTH = 32  # levels of nested dictionaries, so that one that holds itself ends


def number(value: Any) -> Any:
    """A JSON number, or "NaN", "Infinity", "-Infinity". Raises TypeError, ValueError, ... for what is no number."""
    if not isinstance(value, (int, float)) and hasattr(value, "item"):
        value = value.item()  # numpy scalars, 0-d arrays and tensors
    if not isinstance(value, (int, float)):
        if isinstance(value, (str, bytes)) or not hasattr(value, "__float__"):
            raise TypeError(type(value).__name__)
        value = float(value)  # Decimal, Fraction
    if isinstance(value, int):
        # Beyond 2**53 a reader that has only doubles would round it silently.
        return int(value) if abs(value) <= 2**53 else float(value)
    if math.isfinite(value):
        return float(value)
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def plain(value: Any) -> Any:
    """A parameter as text, number, boolean or null; lists and empty mappings as JSON text; anything else, and a long integer, as its str()."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (list, tuple, dict)):
        try:
            return json.dumps(value, ensure_ascii=False, default=str)
        except (TypeError, ValueError, RecursionError):
            return str(value)
    try:
        scalar = value.item() if hasattr(value, "item") else value
        if isinstance(scalar, int) and not isinstance(scalar, bool) and abs(scalar) > 2**53:
            return str(scalar)
        return scalar if isinstance(scalar, (bool, str)) else number(scalar)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return str(value)


def key_of(name: Any) -> str:
    """A key of at most MAX_KEY characters; a longer one ends in a checksum, so that two never become one."""
    text = str(name)
    if len(text) <= MAX_KEY:
        return text
    say("long key", "keys longer than %d characters are shortened", MAX_KEY)
    return text[: MAX_KEY - 9] + "~" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


def _mapping(values: Any) -> Any:
    """The mapping behind a dictionary, a dataclass, a named tuple or a namespace; None for anything else.

    Not just any object's attributes: those of a data frame or a model are no parameters.
    """
    if isinstance(values, Mapping):
        return values
    if dataclasses.is_dataclass(values) and not isinstance(values, type):
        return {field.name: getattr(values, field.name, None) for field in dataclasses.fields(values)}
    if hasattr(values, "_asdict"):
        return values._asdict()
    return vars(values) if isinstance(values, (argparse.Namespace, types.SimpleNamespace)) else None


def flat(values: Any, prefix: str = "", depth: int = 0) -> Iterator[Tuple[str, Any]]:
    """The leaves of nested mappings, their keys joined by slashes. Raises TypeError when `values` is no mapping."""
    mapping = _mapping(values)
    if mapping is None:
        raise TypeError("expected a dictionary, got " + type(values).__name__)
    for name in list(mapping):
        value = mapping[name]
        if depth < MAX_DEPTH and _mapping(value):
            yield from flat(value, prefix + str(name) + "/", depth + 1)
        else:
            yield key_of(prefix + str(name)), value


def parts(values: Dict[str, Any]) -> Iterator[Tuple[Dict[str, Any], Dict[str, int]]]:
    """(values, full byte sizes of those that were cut), in parts of about MAX_RECORD bytes; texts cut at MAX_TEXT."""
    part, cut, size = {}, {}, 0
    for key, value in values.items():
        room = 32
        if isinstance(value, str):
            data = value.encode("utf-8", "replace")
            if len(data) > MAX_TEXT:
                say(("cut", key), "%s has %d bytes; the first %d are kept", key, len(data), MAX_TEXT)
                cut[key], value = len(data), data[:MAX_TEXT].decode("utf-8", "ignore")
            room += min(len(data), MAX_TEXT)
        if size + room > MAX_RECORD and part:
            yield part, cut
            part, cut, size = {}, {key: cut.pop(key)} if key in cut else {}, 0
        part[key] = value
        size += room + len(key)
    if part:
        yield part, cut
