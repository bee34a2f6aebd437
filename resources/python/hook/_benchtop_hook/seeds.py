"""The seeds that a script sets."""

from .write import is_main, now, safe, store

MAX_SEEDS = 32

_calls = []
_seen = set()


def watch_random(module):
    module.seed = _watched(module.seed, "random", "a")


def watch_numpy(module):
    module.seed = _watched(module.seed, "numpy", "seed")


def watch_torch(module):
    # The package takes the name from this module as it is imported, so that both are the same function.
    module.manual_seed = _watched(module.manual_seed, "torch", "seed")


def _watched(original, library, argument):
    def seed(*args, **kwargs):
        result = original(*args, **kwargs)
        try:
            if len(_calls) < MAX_SEEDS:
                _note(library, args[0] if args else kwargs.get(argument))
        except Exception:
            pass
        return result

    for name in ("__module__", "__name__", "__qualname__", "__doc__", "__self__"):
        if hasattr(original, name):
            setattr(seed, name, getattr(original, name))
    seed.__wrapped__ = original
    return seed


def _note(library, value):
    """Keep a seed that was not set before. None is no seed: it asks for a random one."""
    value = safe(value)
    key = (library, repr(value))
    if value is None or key in _seen or not is_main():
        return
    _seen.add(key)
    _calls.append({"library": library, "value": value, "time": now()})
    store("seeds", {"seeds": _calls})
