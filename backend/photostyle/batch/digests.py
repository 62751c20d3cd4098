"""SHA-256 of files; of one that did not change meanwhile it is computed once."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

_MANY = 256


def file_digest(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, or nothing where it cannot be read: whoever opens it will say why."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


class Digests:
    """Digests of files that many jobs share."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, int, int], str] = {}
        self._lock = threading.Lock()

    def of(self, path: Path) -> str:
        """See `file_digest`."""
        try:
            found = path.stat()
        except (OSError, ValueError):
            return ""
        state = (path, found.st_mtime_ns, found.st_size)
        with self._lock:
            known = self._known.get(state)
        if known is None:
            known = file_digest(path)
            with self._lock:
                if len(self._known) >= _MANY:
                    self._known.clear()
                self._known[state] = known
        return known
