"""Sees what a launched script does with its arguments and seeds, and changes nothing of it.

Modules are watched as the script imports them; none is imported for its sake. CAPTURE.md, one folder up, says what is written.
"""

import os
import sys

# Module -> where in this package its watcher is. Loaded when the script imports that module, not before.
_WATCHED = {
    "argparse": ("arguments", "watch_argparse"),
    "click.core": ("arguments", "watch_click"),
    "typer._click.core": ("arguments", "watch_click"),  # newer typer carries its own copy
    "random": ("seeds", "watch_random"),
    "numpy.random": ("seeds", "watch_numpy"),
    "torch.random": ("seeds", "watch_torch"),
}

_folder = None
_pid = None


def lead_to_client():
    """Let `import benchtop` find the client, after everything that the script itself could mean by it."""
    sys.meta_path.append(_Client)


def start(folder):
    """Watch this process and write what is seen to `folder`."""
    global _folder, _pid
    _folder, _pid = folder, os.getpid()
    sys.meta_path.insert(0, _Watch)
    for name in _WATCHED:
        if name in sys.modules:
            _watch(sys.modules[name])


def _watch(module):
    try:
        part, function = _WATCHED[module.__name__]
        getattr(__import__("_benchtop_hook." + part, fromlist=[function]), function)(module)
    except Exception:
        pass


class _Watch(object):
    """A finder that finds nothing itself: for a watched module it puts a loader around the one that the others find."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in _WATCHED:
            return None
        for finder in list(sys.meta_path):
            find = None if finder is cls else getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader)
                return spec
        return None


class _Loader(object):
    """The module's own loader, and then the watcher. Puts the own one back first: the script sees no other."""

    def __init__(self, real):
        self._real = real

    def __getattr__(self, name):
        return getattr(self._real, name)

    def create_module(self, spec):
        create = getattr(self._real, "create_module", None)
        return create(spec) if create else None

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._real
        self._real.exec_module(module)
        _watch(module)


class _Client(object):
    """Finds benchtop.py for a launched script, where the script's own path has none."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in ("benchtop", "_benchtop") or path is not None:
            return None
        home = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        for finder in sys.meta_path:
            if getattr(finder, "__name__", None) == "PathFinder":
                return finder.find_spec(name, [home], target)
        return None
