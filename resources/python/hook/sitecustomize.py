"""Loaded by every Python that a launched process starts, before its script. Keep it valid for any Python, 2.7 too.

It makes `import benchtop` work, starts the capture (unless BENCHTOP_HOOK is 0 or there is no BENCHTOP_CAPTURE_DIR), takes its folder
off the path again, and hands over to the sitecustomize that Python would have found without it.
"""

import os
import sys

_folder = os.path.dirname(os.path.abspath(__file__))

if sys.version_info >= (3, 7):
    try:
        import _benchtop_hook

        _benchtop_hook.lead_to_client()
        if os.environ.get("BENCHTOP_HOOK") != "0" and os.environ.get("BENCHTOP_CAPTURE_DIR"):
            _benchtop_hook.start(os.environ["BENCHTOP_CAPTURE_DIR"])
    except Exception:
        pass

sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _folder]

# Import the real one under the same name. Its errors are Python's to report, as they would be without us.
_ours = sys.modules.pop("sitecustomize", None)
try:
    import sitecustomize
except ImportError as _error:
    if getattr(_error, "name", "sitecustomize") != "sitecustomize":
        raise
finally:
    if _ours is not None:
        sys.modules.setdefault("sitecustomize", _ours)
