"""Copies of artifact files, kept beside the spool so that they are there whenever Benchtop reads it."""

import os
import shutil
import stat
from typing import Any, Dict, Iterator, Tuple

from .say import say

MAX_FILES = 10000


def artifact_name(name: str) -> str:
    """A run-relative name with forward slashes. Raises ValueError for one that would leave the run's folder."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts or "\0" in name or os.path.isabs(name) or (len(parts[0]) == 2 and parts[0][1] == ":"):
        raise ValueError("not a name within the run: %r" % name)
    return "/".join(parts)


def files_of(path: str, name: str) -> Iterator[Tuple[str, str]]:
    """(file, artifact name) of a file, or of every file below a folder. Links to folders are not followed: they may circle."""
    if not os.path.isdir(path):
        yield path, name
        return
    count = 0
    for folder, folders, files in os.walk(path):
        folders.sort()
        for file in sorted(files):
            count += 1
            if count > MAX_FILES:
                say(("files", path), "%s has more than %d files; the rest is left out", path, MAX_FILES)
                return
            inside = os.path.relpath(os.path.join(folder, file), path).replace(os.sep, "/")
            yield os.path.join(folder, file), name + "/" + inside


def keep(path: str, target: str) -> Dict[str, Any]:
    """Copy a regular file to `target`, whole or not at all: {size, modified}. Raises OSError.

    A copy rather than a hard link: a checkpoint that is overwritten in place would change under a link.
    """
    # Opening a named pipe would wait for its writer.
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError("%s is not a regular file" % path)
    os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
    partial = target + ".part"
    try:
        shutil.copyfile(path, partial)
        os.replace(partial, target)
    except OSError:
        try:
            os.remove(partial)
        except OSError:
            pass
        raise
    return {"size": os.path.getsize(target), "modified": int(os.path.getmtime(path) * 1000)}
