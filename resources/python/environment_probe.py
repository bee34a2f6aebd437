"""Print, as one line of JSON, what Python this is and what is installed in it.

Run with the interpreter in question: `python environment_probe.py`. It imports no package, only reads their metadata. Valid for any
Python 3. The line is the last one of the output, whatever a start-up file prints before it.

{"format": 1, "python": "3.11.7", "implementation": "CPython", "executable", "prefix", "base_prefix", "platform", "machine",
 "packages": {normalised name: version}, "origins": {name: address or folder of those not from an index}, "conda": {name: version}}
"""

import json
import os
import platform
import re
import sys

_NAMES = re.compile(r"[-_.]+")
_SECRET = re.compile(r"(?<=://)[^/@\s]+@")


def normalised(name):
    """The name by which two spellings of one package are equal (PEP 503)."""
    return _NAMES.sub("-", name).lower()


def name_and_version(folder):
    """(name, version) from a *.dist-info or *.egg-info folder or file, or None. The file's head decides, else the folder's name."""
    found = {}
    paths = [os.path.join(folder, name) for name in ("METADATA", "PKG-INFO")] if os.path.isdir(folder) else [folder]
    for path in paths:
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                for line in file.read(8192).split("\n\n")[0].splitlines():
                    key, _, value = line.partition(":")
                    if key in ("Name", "Version") and value.strip():
                        found.setdefault(key, value.strip()[:200])
        except OSError:
            continue
    if len(found) < 2:
        parts = os.path.basename(folder).rsplit(".", 1)[0].split("-")
        found.setdefault("Name", parts[0])
        found.setdefault("Version", parts[1] if len(parts) > 1 else "")
    return (normalised(found["Name"]), found["Version"]) if found["Name"] else None


def origin(folder):
    """Where a package that came from no index came from: "git+https://...@commit", "file:///... (editable)", or None."""
    try:
        with open(os.path.join(folder, "direct_url.json"), encoding="utf-8") as file:
            facts = json.load(file)
        address = _SECRET.sub("***@", facts["url"])
        version_control = facts.get("vcs_info")
        if version_control:
            return "%s+%s@%s" % (version_control.get("vcs"), address, version_control.get("commit_id"))
        return address + (" (editable)" if facts.get("dir_info", {}).get("editable") else "")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def packages(path):
    """({name: version}, {name: origin}) of what stands on the import path; the first of two wins, as it does for imports."""
    versions, origins = {}, {}
    for entry in path:
        try:
            names = sorted(os.listdir(entry or "."))
        except OSError:
            continue
        for name in names:
            if not name.endswith((".dist-info", ".egg-info")):
                continue
            folder = os.path.join(entry, name)
            one = name_and_version(folder)
            # A name that starts with a tilde is what an interrupted pip left behind.
            if one is None or name.startswith("~") or one[0] in versions:
                continue
            versions[one[0]] = one[1]
            address = origin(folder)
            if address:
                origins[one[0]] = address
    return versions, origins


def conda(prefix):
    """{name: version} of the conda packages, Python's or not; empty outside conda."""
    found = {}
    try:
        names = os.listdir(os.path.join(prefix, "conda-meta"))
    except OSError:
        return found
    for name in sorted(names):
        parts = name[: -len(".json")].rsplit("-", 2)
        if name.endswith(".json") and len(parts) == 3:
            found[parts[0]] = parts[1]
    return found


def environment():
    """The document that is printed."""
    here = os.path.dirname(os.path.abspath(__file__))
    versions, origins = packages([entry for entry in sys.path if os.path.abspath(entry) != here])
    return {
        "format": 1,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "prefix": sys.prefix,
        "base_prefix": getattr(sys, "base_prefix", sys.prefix),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "packages": versions,
        "origins": origins,
        "conda": conda(sys.prefix),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(environment(), sort_keys=True) + "\n")
